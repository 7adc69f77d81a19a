package dev.slipway.prove;

import dev.slipway.workflow.expression.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The ways to fill in what only a run will know, as far as it matters; those nearest to the first
 * one first.
 *
 * @param complete whether these are all that there are
 */
record Worlds(List<World> all, boolean complete) {
  private static final int FARTHEST = 2;

  Worlds {
    all = List.copyOf(all);
  }

  World first() {
    return all.getFirst();
  }

  static Worlds of(
      List<Variable> variables, Set<Variable> varied, Map<String, Value> known, int most) {
    List<List<Value>> choices = new ArrayList<>();
    long product = 1;
    for (Variable variable : variables) {
      List<Value> values =
          varied.contains(variable) ? variable.values() : variable.values().subList(0, 1);
      choices.add(values);
      product = Math.min(1_000_000_000L, product * values.size());
    }
    int farthest = product <= most ? variables.size() : FARTHEST;
    List<World> worlds = new ArrayList<>();
    boolean cut = false;
    for (int distance = 0; distance <= farthest && !cut; distance++) {
      cut = !fill(variables, choices, known, new int[variables.size()], 0, distance, worlds, most);
    }
    return new Worlds(worlds, !cut && farthest >= Math.min(variables.size(), varying(choices)));
  }

  private static int varying(List<List<Value>> choices) {
    int varying = 0;
    for (List<Value> values : choices) {
      varying += values.size() > 1 ? 1 : 0;
    }
    return varying;
  }

  /** Adds the ways that differ from the first in just so many values; false when they are many. */
  private static boolean fill(
      List<Variable> variables,
      List<List<Value>> choices,
      Map<String, Value> known,
      int[] picks,
      int at,
      int distance,
      List<World> worlds,
      int most) {
    if (distance == 0) {
      if (worlds.size() >= most) {
        return false;
      }
      List<Value> values = new ArrayList<>();
      for (int i = 0; i < picks.length; i++) {
        values.add(choices.get(i).get(picks[i]));
      }
      worlds.add(new World(variables, values, known));
      return true;
    }
    for (int i = at; i < picks.length; i++) {
      for (int pick = 1; pick < choices.get(i).size(); pick++) {
        picks[i] = pick;
        boolean room = fill(variables, choices, known, picks, i + 1, distance - 1, worlds, most);
        picks[i] = 0;
        if (!room) {
          return false;
        }
      }
    }
    return true;
  }
}
