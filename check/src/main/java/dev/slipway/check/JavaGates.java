package dev.slipway.check;

import java.util.ArrayList;
import java.util.List;

/** What guards builds of Maven and Gradle: each is asked once, at its root. */
final class JavaGates implements Family {
  private static final List<String> CODE =
      List.of("java", "kt", "kts", "groovy", "scala", "xml", "gradle", "properties", "toml");

  @Override
  public void detect(Detection found) {
    List<String> roots = new ArrayList<>();
    for (String path : found.tree.named("pom.xml")) {
      String folder = SourceTree.folder(path);
      if (Catalogue.shallow(folder) && !Catalogue.belongsTo(folder, roots)) {
        roots.add(folder);
        maven(found, folder, path);
      }
    }
    for (String mark :
        new String[] {
          "settings.gradle", "settings.gradle.kts", "build.gradle", "build.gradle.kts"
        }) {
      for (String path : found.tree.named(mark)) {
        String folder = SourceTree.folder(path);
        if (Catalogue.shallow(folder) && !Catalogue.belongsTo(folder, roots)) {
          roots.add(folder);
          gradle(found, folder, path);
        }
      }
    }
  }

  private static void maven(Detection found, String folder, String pom) {
    String mvn = SourceTree.in(folder, "mvnw");
    boolean wrapped = found.tools.inProject(mvn);
    String command = (wrapped ? "./mvnw" : "mvn") + " -q -B -ntp -Dstyle.color=never ";
    String program = wrapped ? mvn : found.tools.onPath("mvn");
    if (mentions(found, folder, "spotless-maven-plugin")) {
      build(found, folder, "spotless", program, "install Maven")
          .because("spotless-maven-plugin in " + pom)
          .runs(command + "spotless:check")
          .add();
    }
    if (mentions(found, folder, "fmt-maven-plugin")) {
      build(found, folder, "fmt", program, "install Maven")
          .because("fmt-maven-plugin in " + pom)
          .runs(command + "com.spotify.fmt:fmt-maven-plugin:check")
          .add();
    }
    if (mentions(found, folder, "maven-checkstyle-plugin")) {
      build(found, folder, "checkstyle", program, "install Maven")
          .because("maven-checkstyle-plugin in " + pom)
          .runs(command + "checkstyle:check")
          .add();
    }
    boolean tests = tests(found, folder);
    build(found, folder, tests ? "test" : "compile", program, "install Maven")
        .tier(Tier.PRO)
        .because(pom)
        .runs(command + (tests ? "test" : "compile"))
        .reads(Inputs.all(folder))
        .report(tests ? Report.SUREFIRE : Report.LINES)
        .add();
    if (mentions(found, folder, "spotbugs-maven-plugin")) {
      build(found, folder, "spotbugs", program, "install Maven")
          .tier(Tier.STRICT)
          .because("spotbugs-maven-plugin in " + pom)
          .runs(command + "compile spotbugs:check")
          .after(tests ? "test" : "compile")
          .add();
    }
    if (mentions(found, folder, "maven-pmd-plugin")) {
      build(found, folder, "pmd", program, "install Maven")
          .tier(Tier.STRICT)
          .because("maven-pmd-plugin in " + pom)
          .runs(command + "compile pmd:check")
          .after("spotbugs")
          .after(tests ? "test" : "compile")
          .add();
    }
    if (mentions(found, folder, "dependency-check-maven")) {
      build(found, folder, "dependency-check", program, "install Maven")
          .tier(Tier.STRICT)
          .kind(Kind.OPTIONAL)
          .proposed()
          .network()
          .because("dependency-check-maven in " + pom)
          .runs(command + "org.owasp:dependency-check-maven:check")
          .after("spotbugs")
          .after("pmd")
          .after(tests ? "test" : "compile")
          .add();
    }
  }

  private static void gradle(Detection found, String folder, String settings) {
    String gradlew = SourceTree.in(folder, "gradlew");
    boolean wrapped = found.tools.inProject(gradlew);
    String command = (wrapped ? "./gradlew" : "gradle") + " --quiet --console=plain ";
    String program = wrapped ? gradlew : found.tools.onPath("gradle");
    if (mentions(found, folder, "com.diffplug.spotless")) {
      build(found, folder, "spotless", program, "install Gradle")
          .because("com.diffplug.spotless in " + settings)
          .runs(command + "spotlessCheck")
          .add();
    }
    boolean tests = tests(found, folder);
    build(found, folder, tests ? "test" : "compile", program, "install Gradle")
        .tier(Tier.PRO)
        .because(settings)
        .runs(command + (tests ? "test" : "classes"))
        .reads(Inputs.all(folder))
        .report(tests ? Report.SUREFIRE : Report.LINES)
        .after(mentions(found, folder, "com.diffplug.spotless") ? "spotless" : "")
        .add();
  }

  private static Draft build(
      Detection found,
      String folder,
      String name,
      @org.jspecify.annotations.Nullable String program,
      String install) {
    return found
        .gate(folder, name)
        .tool(install.substring(install.indexOf(' ') + 1).toLowerCase(java.util.Locale.ROOT))
        .program(program)
        .install(install)
        .reads(CODE, List.of());
  }

  /** Whether a build file below a folder names a plugin. */
  private static boolean mentions(Detection found, String folder, String plugin) {
    for (String mark : new String[] {"pom.xml", "build.gradle", "build.gradle.kts"}) {
      for (String path : found.tree.named(mark)) {
        if ((folder.isEmpty() || path.startsWith(folder + "/")) && found.says(path, plugin)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean tests(Detection found, String folder) {
    for (String path : found.tree.below(folder)) {
      if (path.contains("src/test/")) {
        return true;
      }
    }
    return false;
  }
}
