package io.drey.core.host;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.drey.core", importOptions = ImportOption.DoNotIncludeTests.class)
class BoundariesTest {
    @ArchTest
    static final ArchRule PF4J_STAYS_BEHIND_ONE_PACKAGE = noClasses()
            .that()
            .resideOutsideOfPackage("io.drey.core.host")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.pf4j..")
            .because("how plugins are loaded may change without anybody else noticing");

    @ArchTest
    static final ArchRule PLUGINS_KNOW_NO_CLIENT = noClasses()
            .that()
            .resideInAnyPackage("io.drey.core.host", "io.drey.core.generation", "io.drey.core.engine")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.fabric8.kubernetes.client..")
            .because("only the adapters behind the ports talk to Kubernetes");
}
