package dev.slipway.runtime;

import java.util.List;
import java.util.Map;

/** What a job needs to reach the services, until it is closed at the job's end. */
public final class JobAccess implements AutoCloseable {
  private final Map<String, String> environment;
  private final Map<String, String> idTokenEnvironment;
  private final List<String> secrets;
  private final Runnable end;

  JobAccess(
      Map<String, String> environment,
      Map<String, String> idTokenEnvironment,
      List<String> secrets,
      Runnable end) {
    this.environment = environment;
    this.idTokenEnvironment = idTokenEnvironment;
    this.secrets = secrets;
    this.end = end;
  }

  /** The variables for the processes of actions, those for OIDC tokens among them. */
  public Map<String, String> environment() {
    return environment;
  }

  /**
   * The variables for OIDC tokens alone, which {@code run} steps get too; none when the job may not
   * have such tokens.
   */
  public Map<String, String> idTokenEnvironment() {
    return idTokenEnvironment;
  }

  /** What is to be masked in the job's log. */
  public List<String> secrets() {
    return secrets;
  }

  /** Ends the access; what the job was given is worth nothing from now on. */
  @Override
  public void close() {
    end.run();
  }
}
