package io.millrace.node.demo;

import io.millrace.node.demo.PolicyEvent.ClaimOpened;
import io.millrace.node.demo.PolicyEvent.InsuredRenamed;
import io.millrace.node.demo.PolicyEvent.PolicyCancelled;
import io.millrace.node.demo.PolicyEvent.PolicyEndorsed;
import io.millrace.node.demo.PolicyEvent.PolicyIssued;
import io.millrace.node.demo.PolicyEvent.PolicyRenewed;
import io.millrace.node.demo.PolicyEvent.PremiumChanged;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Policy events out of a seed: first every policy is issued, in the order of its id, then changes
 * follow. The same seed gives the same events.
 */
public final class PolicyGenerator {
  private static final List<String> FIRST_NAMES =
      List.of(
          "Jim", "Ann", "Maria", "John", "Linda", "Omar", "Chen", "Aisha", "Peter", "Sofia",
          "Lukas", "Emma", "Noah", "Mia", "Ravi", "Elena", "Hugo", "Clara", "Yuki", "Ivan");
  private static final List<String> LAST_NAMES =
      List.of(
          "Baker",
          "Smith",
          "Fischer",
          "Novak",
          "Garcia",
          "Rossi",
          "Tanaka",
          "Okafor",
          "Jensen",
          "Petrov",
          "Dubois",
          "Silva",
          "Khan",
          "Murphy",
          "Larsen",
          "Kowalski",
          "Weber",
          "Moreau",
          "Costa",
          "Andersson",
          "Nagy",
          "Popescu",
          "Haddad",
          "Kim",
          "Lopez");
  private static final List<String> CITIES =
      List.of(
          "Vienna", "Lisbon", "Oslo", "Dublin", "Prague", "Lyon", "Porto", "Turin", "Ghent",
          "Malmo", "Brno", "Cork");
  private static final List<String> PRODUCTS =
      List.of("motor", "household", "liability", "legal", "travel", "life");
  private static final List<String> CLAUSES =
      List.of("glass", "theft", "flood", "second driver", "young driver", "deductible");
  private static final List<String> REASONS = List.of("sold", "moved", "price", "deceased");
  private static final long START_MS = 1_700_000_000_000L;
  private static final int NAME_VARIANTS = 80;

  private final SplittableRandom random;
  private final long policies;
  private long next;
  private long timeMs = START_MS;

  /** Events about so many policies. */
  public PolicyGenerator(long seed, long policies) {
    if (policies < 1) {
      throw new IllegalArgumentException("policies must be at least 1: policies=" + policies);
    }
    this.random = new SplittableRandom(seed);
    this.policies = policies;
  }

  /** The next event; there is always another one. */
  public PolicyEvent next() {
    timeMs += 1 + random.nextInt(2000);
    next++;
    return next <= policies ? issued(next) : change(1 + random.nextLong(policies));
  }

  private PolicyEvent issued(long policyId) {
    var first = pick(FIRST_NAMES);
    var last = lastName();
    var email = (first + "." + last + policyId + "@example.org").toLowerCase(Locale.ROOT);
    return new PolicyIssued(
        policyId,
        timeMs,
        first,
        last,
        email,
        pick(CITIES),
        18 + random.nextInt(70),
        pick(PRODUCTS),
        premium());
  }

  private PolicyEvent change(long policyId) {
    return switch (random.nextInt(10)) {
      case 0, 1, 2 -> new PremiumChanged(policyId, timeMs, premium());
      case 3, 4 -> new PolicyEndorsed(policyId, timeMs, pick(CLAUSES));
      case 5, 6 -> new PolicyRenewed(policyId, timeMs);
      case 7 -> new InsuredRenamed(policyId, timeMs, pick(FIRST_NAMES), lastName());
      case 8 -> new ClaimOpened(policyId, timeMs, "C-" + next, 1_000 + random.nextInt(900_000));
      default -> new PolicyCancelled(policyId, timeMs, pick(REASONS));
    };
  }

  private String lastName() {
    var variant = random.nextInt(NAME_VARIANTS);
    return variant == 0 ? pick(LAST_NAMES) : pick(LAST_NAMES) + "-" + pick(LAST_NAMES);
  }

  private long premium() {
    return 5_000 + random.nextInt(200_000);
  }

  private String pick(List<String> from) {
    return from.get(random.nextInt(from.size()));
  }
}
