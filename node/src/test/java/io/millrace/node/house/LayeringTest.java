package io.millrace.node.house;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import io.millrace.engine.state.HotPath;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.slf4j.Logger;

/** The picture of the modules, held by the build: one engine, three doors, one root. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LayeringTest {
  private static final String[] DOORS = {
    "io.millrace.resp..", "io.millrace.sql..", "io.millrace.http.."
  };

  private static final String[] ENGINE_EXPORTS = {
    "io.millrace.engine",
    "io.millrace.engine.depot..",
    "io.millrace.engine.pstate..",
    "io.millrace.engine.path..",
    "io.millrace.engine.topology..",
    "io.millrace.engine.event..",
    "io.millrace.engine.table..",
    "io.millrace.engine.health..",
    "io.millrace.engine.tree..",
    "io.millrace.engine.module..",
    "io.millrace.engine.state.."
  };

  private JavaClasses classes;

  @BeforeAll
  void readTheClasses() {
    classes =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages("io.millrace");
  }

  private void check(ArchRule rule) {
    rule.allowEmptyShould(true).check(classes);
  }

  @Test
  void theEngineKnowsNoDoorNoNettyAndNoCalcite() {
    check(
        noClasses()
            .that()
            .resideInAPackage("io.millrace.engine..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                "io.millrace.resp..",
                "io.millrace.sql..",
                "io.millrace.http..",
                "io.millrace.node..",
                "io.netty..",
                "org.apache.calcite.."));
  }

  @Test
  void doorsSeeOnlyTheEnginePackagesThatAreExported() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage(DOORS)
            .should()
            .dependOnClassesThat(
                resideInAPackage("io.millrace.engine..")
                    .and(not(resideInAnyPackage(ENGINE_EXPORTS)))));
  }

  @Test
  void doorsDoNotKnowEachOtherNorTheRoot() {
    for (var door : DOORS) {
      check(
          noClasses()
              .that()
              .resideInAPackage(door)
              .should()
              .dependOnClassesThat(
                  resideInAnyPackage(DOORS)
                      .or(resideInAPackage("io.millrace.node.."))
                      .and(not(resideInAPackage(door)))));
    }
  }

  @Test
  void rocksDbStaysInTheColdTierAndCalciteInTheSqlDoor() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage("io.millrace.engine.internal.store.cold")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.rocksdb.."));
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage("io.millrace.sql..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.calcite.."));
  }

  @Test
  void packagesHaveNoCycles() {
    check(slices().matching("io.millrace.engine.(**)").should().beFreeOfCycles());
    check(slices().matching("io.millrace.resp.(**)").should().beFreeOfCycles());
    check(slices().matching("io.millrace.sql.(**)").should().beFreeOfCycles());
    check(slices().matching("io.millrace.http.(**)").should().beFreeOfCycles());
    check(slices().matching("io.millrace.node.(**)").should().beFreeOfCycles());
  }

  @Test
  void hotClassesUseNoStreamsNoFormattingNoOptionalAndNoRoutineLogging() {
    check(
        noClasses()
            .that()
            .areAnnotatedWith(HotPath.class)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.util.stream..")
            .orShould()
            .dependOnClassesThat()
            .belongToAnyOf(Optional.class)
            .orShould()
            .callMethod(String.class, "format", String.class, Object[].class)
            .orShould()
            .callMethod(Logger.class, "trace", String.class)
            .orShould()
            .callMethod(Logger.class, "debug", String.class));
  }

  @Test
  void nothingIsSharedThroughMutableStatics() {
    check(
        fields()
            .that()
            .areStatic()
            .and()
            .areDeclaredInClassesThat()
            .resideInAPackage("io.millrace..")
            .and()
            .doNotHaveModifier(JavaModifier.SYNTHETIC)
            .should()
            .beFinal());
  }

  @Test
  void onlyMainEndsTheProcess() {
    check(
        noClasses()
            .that()
            .doNotHaveFullyQualifiedName("io.millrace.node.Main")
            .should()
            .callMethod(System.class, "exit", int.class)
            .orShould()
            .callMethod(Runtime.class, "halt", int.class));
  }

  @Test
  void loggingGoesThroughSlf4jOutsideTheRoot() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage("io.millrace.node..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("ch.qos.logback..", "java.util.logging.."));
  }
}
