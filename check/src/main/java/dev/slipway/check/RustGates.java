package dev.slipway.check;

import java.util.ArrayList;
import java.util.List;

/** What guards packages and workspaces of Rust; a workspace is checked at its root. */
final class RustGates implements Family {
  private static final List<String> CODE = List.of("rs", "toml", "lock");
  private static final List<String> SETTINGS = List.of("rust-toolchain");

  @Override
  public void detect(Detection found) {
    List<String> roots = new ArrayList<>();
    for (String path : found.tree.named("Cargo.toml")) {
      String folder = SourceTree.folder(path);
      if (!Catalogue.shallow(folder) || !found.tree.hasBelow(folder, ".rs")) {
        continue;
      }
      boolean inner = Catalogue.belongsTo(folder, roots);
      if (!inner || found.says(path, "[workspace]")) {
        roots.add(folder);
        root(found, folder, path);
      }
    }
  }

  private static void root(Detection found, String folder, String manifest) {
    boolean workspace = found.says(manifest, "[workspace]");
    String all = workspace ? " --workspace" : "";
    String locked = found.tree.has(SourceTree.in(folder, "Cargo.lock")) ? " --locked" : "";
    gate(found, folder, "fmt", "rustfmt")
        .because(manifest)
        .proposedUnless(found.first(folder, "rustfmt.toml", ".rustfmt.toml"))
        .program(program(found, "cargo-fmt"))
        .install("rustup component add rustfmt")
        .version("rustfmt --version")
        .runs("cargo fmt --all --check -- --files-with-diff --color never")
        .report(Report.UNFORMATTED)
        .add();
    gate(found, folder, "clippy", "clippy")
        .because(manifest)
        .proposedUnless(found.first(folder, "clippy.toml", ".clippy.toml"))
        .program(program(found, "cargo-clippy"))
        .install("rustup component add clippy")
        .version("cargo clippy --version")
        .runs(
            "cargo clippy --quiet"
                + all
                + locked
                + " --all-targets --message-format=short --color never")
        .add();
    gate(found, folder, "cargo-test", "cargo test")
        .tier(Tier.PRO)
        .because(manifest)
        .program(program(found, "cargo"))
        .version("cargo --version")
        .runs("cargo test" + all + locked + " --color never")
        .reads(Inputs.all(folder))
        .report(Report.CARGO_TEST)
        .after("clippy")
        .add();
    String deny = found.first(folder, "deny.toml", ".cargo/deny.toml");
    if (deny != null) {
      gate(found, folder, "cargo-deny", "cargo-deny")
          .tier(Tier.STRICT)
          .network()
          .because(deny)
          .program(program(found, "cargo-deny"))
          .install("cargo install --locked cargo-deny")
          .runs("cargo deny --color never check")
          .report(Report.LAST_LINE)
          .add();
    }
    if (!locked.isEmpty()) {
      gate(found, folder, "cargo-audit", "cargo-audit")
          .tier(Tier.STRICT)
          .kind(Kind.OPTIONAL)
          .proposed()
          .network()
          .because(SourceTree.in(folder, "Cargo.lock"))
          .program(program(found, "cargo-audit"))
          .install("cargo install --locked cargo-audit")
          .runs("cargo audit --color never --quiet")
          .reads(Inputs.of(folder, List.of("lock"), List.of()))
          .report(Report.LAST_LINE)
          .add();
    }
    if (program(found, "cargo-machete") != null) {
      gate(found, folder, "cargo-machete", "cargo-machete")
          .tier(Tier.PROMAX)
          .kind(Kind.INFORMATIONAL)
          .proposed()
          .because("cargo-machete is installed")
          .program(program(found, "cargo-machete"))
          .runs("cargo machete")
          .report(Report.LAST_LINE)
          .add();
    }
  }

  private static Draft gate(Detection found, String folder, String name, String tool) {
    return found.gate(folder, name).tool(tool).install("install Rust").reads(CODE, SETTINGS);
  }

  private static @org.jspecify.annotations.Nullable String program(Detection found, String name) {
    return found.tools.onPath(name);
  }
}
