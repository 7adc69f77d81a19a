package dev.slipway.check;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What guards modules of Go: every module has the language's own tools. */
final class GoGates implements Family {
  private static final List<String> SETTINGS = List.of("go.work");

  @Override
  public void detect(Detection found) {
    for (String path : found.tree.named("go.mod")) {
      String folder = SourceTree.folder(path);
      // Go itself leaves out folders that begin so.
      boolean left = folder.startsWith("_") || folder.contains("/_") || folder.startsWith(".");
      if (!left && Catalogue.shallow(folder) && found.tree.hasBelow(folder, ".go")) {
        module(found, folder, path);
      }
    }
  }

  private static void module(Detection found, String folder, String mod) {
    String go = found.tools.onPath("go");
    gate(found, folder, "gofmt", "gofmt")
        .because(mod)
        .program(found.tools.onPath("gofmt") == null ? go : found.tools.onPath("gofmt"))
        .runs(
            """
            shopt -s nullglob
            files=$(gofmt -l $(go list -f '{{.Dir}}' ./... 2>/dev/null | sed "s|^$PWD|.|") | sort -u)
            if [ -n "$files" ]; then
              printf '%s\\n' "$files"
              exit 1
            fi
            """)
        .report(Report.UNFORMATTED)
        .add();
    gate(found, folder, "vet", "go vet").because(mod).program(go).runs("go vet ./...").add();
    String settings =
        found.first(folder, ".golangci.yml", ".golangci.yaml", ".golangci.toml", ".golangci.json");
    if (settings == null && !folder.isEmpty()) {
      settings = found.first("", ".golangci.yml", ".golangci.yaml", ".golangci.toml");
    }
    if (settings != null) {
      gate(found, folder, "golangci-lint", "golangci-lint")
          .because(settings)
          .program(found.tools.onPath("golangci-lint"))
          .install("see golangci-lint.run/welcome/install")
          .version("golangci-lint version --short")
          .runs("golangci-lint run --color never ./...")
          .add();
    } else if (found.tools.onPath("staticcheck") != null) {
      gate(found, folder, "staticcheck", "staticcheck")
          .kind(Kind.ADVISORY)
          .proposed()
          .because("staticcheck is installed; the project does not name it")
          .program(found.tools.onPath("staticcheck"))
          .runs("staticcheck ./...")
          .add();
    }
    String test = firstTest(found, folder);
    if (test != null) {
      gate(found, folder, "test", "go test")
          .tier(Tier.PRO)
          .because(test)
          .program(go)
          .runs("go test -json ./... > \"$SLIPWAY_REPORT\"")
          .reads(Inputs.all(folder))
          .report(Report.GO_TEST)
          .add();
    } else {
      gate(found, folder, "build", "go build")
          .tier(Tier.PRO)
          .because(mod)
          .program(go)
          .runs("go build -o /dev/null ./...")
          .add();
    }
    gate(found, folder, "govulncheck", "govulncheck")
        .tier(Tier.STRICT)
        .kind(Kind.OPTIONAL)
        .proposed()
        .network()
        .because(mod)
        .program(found.tools.onPath("govulncheck"))
        .install("go install golang.org/x/vuln/cmd/govulncheck@latest")
        .runs("govulncheck ./...")
        .report(Report.LAST_LINE)
        .add();
    if (found.tools.onPath("gosec") != null) {
      gate(found, folder, "gosec", "gosec")
          .tier(Tier.STRICT)
          .kind(Kind.ADVISORY)
          .proposed()
          .because("gosec is installed")
          .program(found.tools.onPath("gosec"))
          .runs("gosec -quiet ./...")
          .add();
    }
  }

  private static Draft gate(Detection found, String folder, String name, String tool) {
    return found
        .gate(folder, name)
        .tool(tool)
        .install("install Go")
        .version("go env GOVERSION")
        .reads(List.of("go", "mod", "sum", "s", "h", "c"), SETTINGS);
  }

  private static @Nullable String firstTest(Detection found, String folder) {
    for (String path : found.tree.below(folder)) {
      if (path.endsWith("_test.go")) {
        return path;
      }
    }
    return null;
  }
}
