package io.millrace.node.demo;

import io.millrace.node.demo.Policies.ClaimOpened;
import io.millrace.node.demo.Policies.InsuredRenamed;
import io.millrace.node.demo.Policies.PolicyCancelled;
import io.millrace.node.demo.Policies.PolicyEndorsed;
import io.millrace.node.demo.Policies.PolicyEvent;
import io.millrace.node.demo.Policies.PolicyIssued;
import io.millrace.node.demo.Policies.PolicyRenewed;
import io.millrace.node.demo.Policies.PremiumChanged;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.SplittableRandom;

/** Events of an insurer: the same seed gives the same events, byte for byte. */
public final class PolicyGenerator {
  private static final long START = Instant.parse("2020-01-01T00:00:00Z").toEpochMilli();
  private static final long STEP_MS = 7_919;
  private static final double SHARE_OF_NEW = 0.4;

  private static final String[] FIRST = {
    "Jim", "Ann", "Maria", "Tom", "Sara", "Lee", "Nina", "Paul", "Eva", "Omar", "Ida", "Max",
    "Lena", "Ben", "Zoe", "Karl", "Mia", "Noah", "Ella", "Finn", "Rosa", "Hugo", "Lily", "Theo",
    "Alma", "Ivan", "June", "Otto", "Vera", "Yuri"
  };
  private static final String[] LAST = {
    "Smith",
    "Garcia",
    "Chen",
    "Khan",
    "Novak",
    "Silva",
    "Kim",
    "Rossi",
    "Weber",
    "Dubois",
    "Nielsen",
    "Okafor",
    "Tanaka",
    "Petrov",
    "Haddad",
    "Murphy",
    "Jansen",
    "Kowalski",
    "Nagy",
    "Larsen",
    "Moreno",
    "Fischer",
    "Costa",
    "Ito",
    "Singh",
    "Walker",
    "Young",
    "Adams",
    "Baker",
    "Clark",
    "Davis",
    "Evans",
    "Foster",
    "Green",
    "Hill",
    "James",
    "King",
    "Lopez",
    "Moore",
    "Reed"
  };
  private static final String[] CARRIERS = {
    "Acme Mutual", "Northwind", "Blue Harbor", "Old Oak", "Summit Life", "Riverside", "Keystone"
  };
  private static final String[] REASONS = {"moved", "price", "sold", "unpaid"};

  private final SplittableRandom random;
  private long now = START;
  private long policies;
  private long claims;

  /** A generator of one seed. */
  public PolicyGenerator(long seed) {
    random = new SplittableRandom(seed);
  }

  /** The next event. */
  public PolicyEvent next() {
    now += 1 + random.nextLong(STEP_MS);
    if (policies == 0 || random.nextDouble() < SHARE_OF_NEW) {
      return issue();
    }
    var id = 1 + skewed(policies);
    return switch (random.nextInt(20)) {
      case 0, 1, 2, 3 -> new PolicyEndorsed(id, now, "endorsement " + random.nextInt(1_000));
      case 4, 5, 6, 7, 8 -> new PremiumChanged(id, now, premium());
      case 9, 10, 11, 12, 13 -> new PolicyRenewed(id, now, date(365));
      case 14, 15 -> new InsuredRenamed(id, now, pick(FIRST), pick(LAST));
      case 16, 17, 18 -> new ClaimOpened(id, now, ++claims, 1_000 + random.nextLong(2_000_000));
      default -> new PolicyCancelled(id, now, REASONS[random.nextInt(REASONS.length)]);
    };
  }

  private PolicyEvent issue() {
    return new PolicyIssued(
        ++policies, now, pick(FIRST), pick(LAST), pick(CARRIERS), premium(), date(365));
  }

  private long premium() {
    return 10_000 + random.nextLong(290_000);
  }

  private String date(int days) {
    return LocalDate.ofInstant(Instant.ofEpochMilli(now), ZoneOffset.UTC)
        .plusDays(1 + random.nextInt(days))
        .toString();
  }

  /** Some names are common and most are not. */
  private String pick(String[] from) {
    return from[(int) skewed(from.length)];
  }

  private long skewed(long bound) {
    var unit = random.nextDouble();
    return (long) (unit * unit * bound);
  }
}
