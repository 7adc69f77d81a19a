package dev.slipway.engine;

import java.util.List;
import java.util.Map;

/** Which distributions, as {@code actions/setup-java} calls them, a JDK is of. */
final class JavaDistributions {
  private JavaDistributions() {}

  /**
   * By what the JDK's file {@code release} says; none for one that a system has built for itself.
   */
  static List<String> of(Map<String, String> release) {
    String vendor = release.getOrDefault("IMPLEMENTOR", "");
    boolean openJ9 = release.getOrDefault("JVM_VARIANT", "Hotspot").equalsIgnoreCase("Openj9");
    if (release.containsKey("GRAALVM_VERSION")) {
      return List.of(vendor.startsWith("Oracle") ? "GraalVM" : "GraalVM_Community");
    }
    return switch (vendor) {
      case "Eclipse Adoptium", "Eclipse Foundation", "Temurin" ->
          List.of("Temurin-Hotspot", "Adopt-Hotspot");
      case "AdoptOpenJDK" -> List.of(openJ9 ? "Adopt-OpenJ9" : "Adopt-Hotspot");
      case "Azul Systems, Inc." -> List.of("Zulu");
      case "Amazon.com Inc." -> List.of("Corretto");
      case "BellSoft" -> List.of("Liberica");
      case "Microsoft" -> List.of("Microsoft");
      case "SAP SE" -> List.of("SapMachine");
      case "IBM Corporation", "International Business Machines Corporation" ->
          List.of("IBM_Semeru");
      case "Alibaba", "Alibaba Inc." -> List.of("Dragonwell");
      case "JetBrains s.r.o." -> List.of("JetBrains");
      case "Tencent" -> List.of("Kona");
      case "Oracle Corporation" ->
          List.of("commercial".equals(release.get("BUILD_TYPE")) ? "Oracle" : "Oracle OpenJDK");
      default -> List.of();
    };
  }
}
