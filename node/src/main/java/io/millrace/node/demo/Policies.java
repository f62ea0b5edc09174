package io.millrace.node.demo;

import static io.millrace.engine.pstate.Scalar.LONG;
import static io.millrace.engine.pstate.Scalar.STRING;

import io.millrace.engine.module.Definition;
import io.millrace.engine.module.EngineModule;
import io.millrace.engine.pstate.PState;
import io.millrace.engine.pstate.Schema;
import io.millrace.engine.topology.TaskContext;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Insurance policies: the grid of a back office, folded from what happened to each policy. */
public final class Policies implements EngineModule {

  /** Something that happened to a policy; times in ms since the epoch. */
  public sealed interface PolicyEvent {
    /** The policy. */
    long policyId();

    /** When it happened. */
    long happenedAt();
  }

  /** A policy begins. */
  public record PolicyIssued(
      long policyId,
      long happenedAt,
      String firstName,
      String lastName,
      String carrier,
      long premiumCents,
      String renewsOn)
      implements PolicyEvent {}

  /** Its terms change. */
  public record PolicyEndorsed(long policyId, long happenedAt, String text)
      implements PolicyEvent {}

  /** Its price changes. */
  public record PremiumChanged(long policyId, long happenedAt, long premiumCents)
      implements PolicyEvent {}

  /** It goes on for another year. */
  public record PolicyRenewed(long policyId, long happenedAt, String renewsOn)
      implements PolicyEvent {}

  /** The insured person has another name. */
  public record InsuredRenamed(long policyId, long happenedAt, String firstName, String lastName)
      implements PolicyEvent {}

  /** A claim is made. */
  public record ClaimOpened(long policyId, long happenedAt, long claimId, long amountCents)
      implements PolicyEvent {}

  /** It ends. */
  public record PolicyCancelled(long policyId, long happenedAt, String reason)
      implements PolicyEvent {}

  /** A row of the grid. */
  public record Policy(
      String firstName,
      String lastName,
      String carrier,
      String status,
      long premiumCents,
      String renewsOn,
      int endorsements,
      int claims,
      Instant issuedAt,
      Instant lastModified) {}

  /** A claim of a policy. */
  public record Claim(long amountCents, Instant openedAt) {}

  /** What an event changes in the book of its carrier. */
  public record BookChange(
      String carrier, long policies, long active, long premiumCents, long claims) {}

  /** The book of a carrier. */
  public record Book(long policies, long active, long premiumCents, long claims) {}

  @Override
  public void define(Definition def) {
    var events = def.depot("events", PolicyEvent.class).partitionBy(PolicyEvent::policyId);
    var policies = def.pstate("grid", Schema.map(LONG, Schema.of(Policy.class)));
    var claims =
        def.pstate(
            "claims", Schema.map(LONG, Schema.map(LONG, Schema.of(Claim.class)).subindexed()));
    var book = def.pstate("book", Schema.map(STRING, Schema.of(Book.class)));

    def.stream("fold")
        .from(events)
        .explode((event, at) -> fold(event, at, policies, claims))
        .hop(BookChange::carrier)
        .each(
            (change, at) -> at.write(book).key(change.carrier()).update(old -> book(old, change)));
  }

  private static List<BookChange> fold(
      PolicyEvent event, TaskContext at, PState policies, PState claims) {
    Policy before = at.read(policies).key(event.policyId()).get();
    var after = after(before, event);
    if (after == null || after.equals(before)) {
      return List.of();
    }
    at.write(policies).key(event.policyId()).set(after);
    if (event instanceof ClaimOpened claim) {
      at.write(claims)
          .key(event.policyId())
          .key(claim.claimId())
          .set(new Claim(claim.amountCents(), Instant.ofEpochMilli(event.happenedAt())));
    }
    return List.of(change(before, after));
  }

  /** The policy after an event, or null when the event says nothing about it. */
  private static @Nullable Policy after(@Nullable Policy before, PolicyEvent event) {
    var at = Instant.ofEpochMilli(event.happenedAt());
    if (event instanceof PolicyIssued issued) {
      return before == null ? issue(issued, at) : null;
    }
    if (before == null || before.status().equals("cancelled")) {
      return null;
    }
    var row = new Row(before, at);
    return switch (event) {
      case PolicyIssued _ -> null;
      case PolicyEndorsed _ -> row.endorsed();
      case PremiumChanged changed -> row.premium(changed.premiumCents());
      case PolicyRenewed renewed -> row.renewed(renewed.renewsOn());
      case InsuredRenamed renamed -> row.named(renamed.firstName(), renamed.lastName());
      case ClaimOpened _ -> row.claimed();
      case PolicyCancelled _ -> row.status("cancelled");
    };
  }

  private static Policy issue(PolicyIssued issued, Instant at) {
    return new Policy(
        issued.firstName(),
        issued.lastName(),
        issued.carrier(),
        "active",
        issued.premiumCents(),
        issued.renewsOn(),
        0,
        0,
        at,
        at);
  }

  /** A row about to change at a time. */
  private record Row(Policy row, Instant at) {
    Policy named(String firstName, String lastName) {
      return with(firstName, lastName, row.status(), row.premiumCents(), row.renewsOn(), 0, 0);
    }

    Policy status(String status) {
      return with(
          row.firstName(), row.lastName(), status, row.premiumCents(), row.renewsOn(), 0, 0);
    }

    Policy premium(long cents) {
      return with(row.firstName(), row.lastName(), row.status(), cents, row.renewsOn(), 0, 0);
    }

    Policy renewed(String renewsOn) {
      return with(
          row.firstName(), row.lastName(), row.status(), row.premiumCents(), renewsOn, 0, 0);
    }

    Policy endorsed() {
      return with(
          row.firstName(), row.lastName(), row.status(), row.premiumCents(), row.renewsOn(), 1, 0);
    }

    Policy claimed() {
      return with(
          row.firstName(), row.lastName(), row.status(), row.premiumCents(), row.renewsOn(), 0, 1);
    }

    private Policy with(
        String firstName,
        String lastName,
        String status,
        long premiumCents,
        String renewsOn,
        int endorsements,
        int claims) {
      return new Policy(
          firstName,
          lastName,
          row.carrier(),
          status,
          premiumCents,
          renewsOn,
          row.endorsements() + endorsements,
          row.claims() + claims,
          row.issuedAt(),
          at);
    }
  }

  private static BookChange change(@Nullable Policy before, Policy after) {
    var wasActive = before != null && before.status().equals("active");
    var isActive = after.status().equals("active");
    return new BookChange(
        after.carrier(),
        before == null ? 1 : 0,
        (isActive ? 1 : 0) - (wasActive ? 1 : 0),
        (isActive ? after.premiumCents() : 0)
            - (wasActive ? Objects.requireNonNull(before).premiumCents() : 0),
        after.claims() - (before == null ? 0 : before.claims()));
  }

  private static Book book(@Nullable Object old, BookChange change) {
    var before = old == null ? new Book(0, 0, 0, 0) : (Book) old;
    return new Book(
        before.policies() + change.policies(),
        before.active() + change.active(),
        before.premiumCents() + change.premiumCents(),
        before.claims() + change.claims());
  }
}
