package dev.slipway.cli;

import dev.slipway.engine.PastDurations;
import dev.slipway.lint.CostEstimate;
import dev.slipway.lint.CostEstimate.JobCost;
import dev.slipway.lint.CostEstimate.Saving;
import dev.slipway.lint.CostEstimate.TriggerRuns;
import dev.slipway.lint.Costs;
import dev.slipway.lint.Lint;
import dev.slipway.lint.LintSettings;
import dev.slipway.lint.Prices;
import dev.slipway.lint.Profile;
import dev.slipway.lint.Rule;
import dev.slipway.lint.Rules;
import dev.slipway.lint.Selection;
import dev.slipway.lint.Topic;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What the workflows cost a month: {@code lint --cost}. */
final class LintCost {
  private static final String FREE =
      "Standard machines are free for public repositories; these are the prices for private ones.";

  private final Prices prices;
  private final List<CostEstimate> workflows;

  private LintCost(Prices prices, List<CostEstimate> workflows) {
    this.prices = prices;
    this.workflows = workflows;
  }

  static LintCost of(
      Arguments arguments, LintSettings settings, Path root, List<LintedFile> files) {
    Prices prices = Prices.published();
    for (Map.Entry<String, Double> rate : settings.rates().entrySet()) {
      prices = prices.with(rate.getKey(), rate.getValue());
    }
    for (String rate : arguments.values("rate")) {
      int equals = rate.lastIndexOf('=');
      double price = equals <= 0 ? -1 : price(rate.substring(equals + 1));
      if (price < 0) {
        throw CommandException.usage(
            "'" + rate + "' is no rate", "write LABEL=USD, such as self-hosted=0.01");
      }
      prices = prices.with(rate.substring(0, equals), price);
    }
    Costs costs =
        Costs.create(prices, PastDurations.of(root), arguments.number("runs-per-month", 1, 0));
    // What would be saved does not depend on the profile that was asked for.
    Set<String> speed = new HashSet<>();
    for (Rule rule : Rules.all()) {
      if (rule.topic() == Topic.SPEED) {
        speed.add(rule.id());
      }
    }
    Lint lint = Lint.of(new Selection(Profile.AUDIT, speed, Set.of()));
    List<Costs.Source> sources = new ArrayList<>();
    for (LintedFile file : files) {
      sources.add(new Costs.Source(file.path(), file.text(), lint.file(file.path(), file.text())));
    }
    List<CostEstimate> workflows = new ArrayList<>(costs.of(sources));
    workflows.removeIf(workflow -> workflow.jobs().isEmpty());
    return new LintCost(prices, workflows);
  }

  private static double price(String text) {
    try {
      double price = Double.parseDouble(text);
      return price <= 1_000_000 ? price : -1;
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  /** For people. */
  String text(Colors colors) {
    StringBuilder out = new StringBuilder();
    double total = 0;
    double minutes = 0;
    Set<String> assumptions = new TreeSet<>();
    for (CostEstimate workflow : workflows) {
      total += workflow.cost();
      minutes += workflow.minutes();
      assumptions.addAll(workflow.assumptions());
      out.append('\n').append(colors.bold(workflow.file())).append(": ");
      out.append(money(workflow.cost())).append(" USD and ").append(whole(workflow.minutes()));
      out.append(" minutes a month (").append(whole(workflow.runs())).append(" runs)\n");
      for (JobCost job : workflow.jobs()) {
        job(job, workflow.runs(), out);
      }
      for (Saving saving : workflow.savings()) {
        out.append("  ").append(colors.green("saves " + money(saving.cost()) + " USD"));
        out.append(" and ").append(whole(saving.minutes())).append(" minutes: line ");
        out.append(saving.line()).append(" [").append(saving.rule()).append("] = ");
        out.append(saving.formula()).append('\n');
      }
    }
    out.append('\n').append(colors.bold("All workflows")).append(": ").append(money(total));
    out.append(" USD and ").append(whole(minutes)).append(" minutes a month\n");
    out.append("Prices: ").append(prices.source()).append(", valid from ").append(prices.date());
    out.append(". ").append(FREE).append('\n');
    if (!assumptions.isEmpty()) {
      out.append("Supposed:\n");
      for (String assumption : assumptions) {
        out.append("  ").append(assumption).append('\n');
      }
    }
    return out.toString();
  }

  private static void job(JobCost job, double runs, StringBuilder out) {
    if (job.legs() == 0) {
      return;
    }
    out.append("  ").append(job.id()).append(": ").append(job.minutes()).append(" minutes a run");
    if (job.legs() > 1) {
      out.append(" on ").append(job.legs()).append(" machines");
    }
    out.append(" (")
        .append(job.machine())
        .append(job.measured() ? ", as recorded" : "")
        .append(')');
    if (job.priced()) {
      out.append(", ").append(money(job.cost() * runs)).append(" USD a month");
    }
    out.append('\n');
  }

  /** For programs: the member {@code cost} of the open object. */
  void json(Json json) {
    double total = 0;
    double minutes = 0;
    for (CostEstimate workflow : workflows) {
      total += workflow.cost();
      minutes += workflow.minutes();
    }
    json.object("cost").member("currency", "USD").member("pricesFrom", prices.date());
    json.member("pricesSource", prices.source()).member("note", FREE);
    number(json, "costPerMonth", total);
    number(json, "minutesPerMonth", minutes);
    json.array("workflows");
    for (CostEstimate workflow : workflows) {
      workflow(json, workflow);
    }
    json.end().end();
  }

  private static void workflow(Json json, CostEstimate workflow) {
    json.object().member("file", workflow.file()).member("name", workflow.name());
    number(json, "runsPerMonth", workflow.runs());
    number(json, "minutesPerMonth", workflow.minutes());
    number(json, "costPerMonth", workflow.cost());
    json.array("triggers");
    for (TriggerRuns trigger : workflow.triggers()) {
      json.object().member("event", trigger.event());
      number(json, "runsPerMonth", trigger.runs());
      json.member("supposed", trigger.supposed()).end();
    }
    json.end().array("jobs");
    for (JobCost job : workflow.jobs()) {
      json.object().member("id", job.id()).member("machine", job.machine());
      json.member("machines", job.legs());
      json.member("minutesPerRun", job.minutes());
      if (job.priced()) {
        number(json, "costPerRun", job.cost());
        number(json, "costPerMonth", job.cost() * workflow.runs());
      }
      json.member("measured", job.measured()).end();
    }
    json.end().array("savings");
    for (Saving saving : workflow.savings()) {
      json.object().member("rule", saving.rule()).member("line", saving.line());
      if (!saving.job().isEmpty()) {
        json.member("job", saving.job());
      }
      number(json, "minutesPerMonth", saving.minutes());
      number(json, "costPerMonth", saving.cost());
      json.member("formula", saving.formula()).end();
    }
    json.end().array("assumptions");
    for (String assumption : workflow.assumptions()) {
      json.value(assumption);
    }
    json.end().end();
  }

  private static void number(Json json, String name, double value) {
    json.name(name)
        .raw(
            BigDecimal.valueOf(value)
                .setScale(4, RoundingMode.HALF_UP)
                .stripTrailingZeros()
                .toPlainString());
  }

  private static String money(double value) {
    return BigDecimal.valueOf(value).setScale(2, RoundingMode.HALF_UP).toPlainString();
  }

  private static String whole(double value) {
    return BigDecimal.valueOf(value).setScale(0, RoundingMode.HALF_UP).toPlainString();
  }
}
