package dev.slipway.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@NullUnmarked
class ProjectFileTest {
  @Test
  void machines_areReadAndOtherSectionsLeftAlone() {
    Reading<ProjectFile> reading =
        ProjectFile.read(
            "slipway.yml",
            "machines:\n  ubuntu-latest: host\n  windows-latest: skip\ngates: {anything: [1]}\n");
    assertThat(reading.problems()).isEmpty();
    assertThat(reading.value())
        .isEqualTo(new ProjectFile(Map.of("ubuntu-latest", "host", "windows-latest", "skip")));
    assertThat(reading.value().machine("Ubuntu-Latest")).isEqualTo("host");
    assertThat(reading.value().machine("macos-latest")).isNull();
  }

  @Test
  void emptyFile_isAProjectWithoutSettings() {
    assertThat(ProjectFile.read("slipway.yml", "\n").value()).isEqualTo(ProjectFile.NONE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          machine: {}            | slipway.yml:1:1: Unexpected value 'machine' (did you mean 'machines'?)
          machines: host         | slipway.yml:1:11: 'machines' is no mapping (write lines such as 'ubuntu-latest: host')
          machines: {x: [a]}     | slipway.yml:1:15: The label 'x' has no machine (name one, such as host or skip)
          text                   | slipway.yml:1:1: The file is no mapping of sections (begin with, say, 'machines:')
          """)
  void mistakes_areFound(String text, String expected) {
    assertThat(ProjectFile.read("slipway.yml", text).problems().stream().map(Problem::text))
        .isEqualTo(List.of(expected));
  }
}
