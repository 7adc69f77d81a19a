package dev.slipway.engine;

/**
 * How far a workflow of a run is.
 *
 * @param open how many of its jobs have not ended
 * @param group the concurrency group it asked for; empty for none
 * @param admitted whether its jobs may start: it has its group, or needs none
 * @param revoked whether it was ended while it waited for its group
 */
record ScopeState(CallScope scope, int open, String group, boolean admitted, boolean revoked) {
  static ScopeState opened(CallScope scope) {
    return new ScopeState(scope, scope.nodeCount(), "", true, false);
  }

  ScopeState waitingFor(String name) {
    return new ScopeState(scope, open, name, false, revoked);
  }

  ScopeState admit() {
    return new ScopeState(scope, open, group, true, revoked);
  }

  ScopeState revoke() {
    return new ScopeState(scope, open, group, admitted, true);
  }

  ScopeState jobEnded() {
    return new ScopeState(scope, open - 1, group, admitted, revoked);
  }

  ScopeState allEnded() {
    return new ScopeState(scope, 0, "", true, revoked);
  }
}
