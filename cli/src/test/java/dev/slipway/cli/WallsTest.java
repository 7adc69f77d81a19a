package dev.slipway.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the modules may know of each other and of the world. */
final class WallsTest {
  private static final JavaClasses CODE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.slipway");

  private static final String SHELL = "dev.slipway.shell..";
  private static final String TRACE = "dev.slipway.trace..";
  private static final String WORKFLOW = "dev.slipway.workflow..";
  private static final String PLAN = "dev.slipway.plan..";
  private static final String LINT = "dev.slipway.lint..";
  private static final String PROVE = "dev.slipway.prove..";
  private static final String CACHE = "dev.slipway.cache..";
  private static final String CACHE_SERVER = "dev.slipway.cache.server..";
  private static final String RUNTIME = "dev.slipway.runtime..";
  private static final String DOCKER = "dev.slipway.docker..";
  private static final String ENGINE = "dev.slipway.engine..";
  private static final String CHECK = "dev.slipway.check..";
  private static final String LSP = "dev.slipway.lsp..";
  private static final String CLI = "dev.slipway.cli..";

  static Stream<ArchRule> walls() {
    return Stream.of(
        noClasses()
            .that()
            .resideInAPackage(PROVE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                LINT, CACHE, RUNTIME, DOCKER, CLI, "java.io..", "java.nio.file..", "java.net.."),
        noClasses()
            .that()
            .resideInAPackage(CHECK)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(LINT, SHELL, PROVE, RUNTIME, DOCKER, CLI, "java.net.."),
        noClasses()
            .that()
            .resideOutsideOfPackages(CHECK, CLI)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(CHECK),
        noClasses()
            .that()
            .resideInAPackage(SHELL)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                WORKFLOW,
                PLAN,
                LINT,
                CACHE,
                RUNTIME,
                ENGINE,
                DOCKER,
                CLI,
                "java.nio.file..",
                "java.net.."),
        noClasses()
            .that()
            .resideInAPackage(TRACE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                SHELL, WORKFLOW, PLAN, LINT, PROVE, CACHE, RUNTIME, ENGINE, DOCKER, LSP, CLI),
        noClasses()
            .that()
            .resideInAnyPackage(SHELL, WORKFLOW, PLAN, LINT, PROVE, LSP)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(TRACE),
        noClasses()
            .that()
            .resideInAPackage(WORKFLOW)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(PLAN, CACHE, RUNTIME, ENGINE, DOCKER, CLI),
        noClasses()
            .that()
            .resideInAPackage(PLAN)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(CACHE, RUNTIME, ENGINE, DOCKER, CLI),
        noClasses()
            .that()
            .resideInAPackage(LINT)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                CACHE, RUNTIME, ENGINE, DOCKER, CLI, "java.nio.file..", "java.net.."),
        noClasses()
            .that()
            .resideInAPackage(CACHE)
            .and()
            .resideOutsideOfPackage(CACHE_SERVER)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(PLAN, RUNTIME, ENGINE, DOCKER, CLI),
        noClasses()
            .that()
            .resideInAPackage(CACHE_SERVER)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(PLAN, ENGINE, DOCKER, CLI),
        noClasses()
            .that()
            .resideOutsideOfPackage(CACHE_SERVER)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(CACHE_SERVER),
        noClasses()
            .that()
            .resideInAPackage(RUNTIME)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(PLAN, ENGINE, DOCKER, CLI),
        noClasses()
            .that()
            .resideInAPackage(DOCKER)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(WORKFLOW, PLAN, CACHE, RUNTIME, CLI),
        noClasses()
            .that()
            .doNotHaveSimpleName("WebServer")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("com.sun.net.httpserver.."),
        noClasses()
            .that()
            .resideInAPackage(LSP)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(SHELL, PLAN, PROVE, CACHE, RUNTIME, ENGINE, DOCKER, CLI),
        noClasses()
            .that()
            .resideOutsideOfPackage(LSP)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(LSP, "org.eclipse.lsp4j..", "com.google.gson.."),
        noClasses()
            .that()
            .doNotHaveSimpleName("S3Blobs")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("software.amazon.."),
        noClasses()
            .that()
            .resideInAPackage(ENGINE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(DOCKER, CLI),
        noClasses()
            .that()
            .resideInAnyPackage(WORKFLOW, PLAN)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.net..", "java.nio.file..", "java.nio.channels.."),
        noClasses()
            .that()
            .resideInAnyPackage(WORKFLOW, PLAN)
            .should()
            .dependOnClassesThat()
            .haveNameMatching("java\\.lang\\.(Process|ProcessBuilder|ProcessHandle|Runtime)")
            .orShould()
            .dependOnClassesThat()
            .haveNameMatching(
                "java\\.io\\.(File|FileInputStream|FileOutputStream|FileReader|FileWriter|RandomAccessFile)"),
        noClasses()
            .that()
            .resideInAPackage(ENGINE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.sql..", "io.javalin..", "org.eclipse.jetty.."),
        noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.lang.reflect..", "java.util.logging..", "org.slf4j.."),
        noClasses()
            .should()
            .haveSimpleNameEndingWith("Manager")
            .orShould()
            .haveSimpleNameEndingWith("Helper"),
        noClasses()
            .should()
            .haveSimpleNameEndingWith("Util")
            .orShould()
            .haveSimpleNameEndingWith("Utils"),
        noClasses()
            .should()
            .haveSimpleNameEndingWith("Impl")
            .orShould()
            .haveSimpleNameStartingWith("Abstract"),
        classes()
            .that()
            .resideInAPackage(CLI)
            .and()
            .areTopLevelClasses()
            .and()
            .doNotHaveSimpleName("Main")
            .should()
            .notBePublic());
  }

  @ParameterizedTest
  @MethodSource("walls")
  void walls_hold(ArchRule wall) {
    wall.allowEmptyShould(true).check(CODE);
  }

  @Test
  void theEnginesStateMachine_isPure() {
    noClasses()
        .that()
        .haveNameMatching(
            "dev\\.slipway\\.engine\\.(RunState|NextState|(Scope|Job|Leg|Cancel)Decisions|CallScope|ScopeState"
                + "|Job(Graph|Legs|Node|Scope|State)|Leg|LegIndex|CallArguments|ConcurrencyRequest|ConcurrencyGroups"
                + "|EvaluatedStrategy)(\\$.*)?")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.io..", "java.nio.file..", "java.net..", "java.util.concurrent..")
        .orShould()
        .dependOnClassesThat()
        .haveNameMatching(
            "java\\.lang\\.(Thread|Process|ProcessBuilder|System)|java\\.time\\.Clock")
        .allowEmptyShould(true)
        .check(CODE);
  }

  @Test
  void theWallsSeeTheCode() {
    assertThat(CODE.stream().map(JavaClass::getPackageName).distinct())
        .contains(
            "dev.slipway.cache",
            "dev.slipway.runtime",
            "dev.slipway.engine",
            "dev.slipway.docker",
            "dev.slipway.lsp",
            "dev.slipway.check",
            "dev.slipway.cli");
  }
}
