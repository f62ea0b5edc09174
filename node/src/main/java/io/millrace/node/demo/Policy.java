package io.millrace.node.demo;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A policy as the grid shows it. */
public record Policy(
    String firstName,
    String lastName,
    String email,
    String city,
    int age,
    String product,
    String status,
    long premiumCents,
    Instant validTo,
    long endorsements,
    long renewals,
    long claims,
    long claimedCents,
    Instant createdAt,
    Instant lastModified) {
  private static final Duration TERM = Duration.ofDays(365);
  private static final String ACTIVE = "active";
  private static final String CANCELLED = "cancelled";

  /** True while the policy is in force. */
  public boolean isActive() {
    return status.equals(ACTIVE);
  }

  /** The policy after an event; null when the event is about a policy that was never issued. */
  static @Nullable Policy with(@Nullable Policy old, PolicyEvent event) {
    var at = Instant.ofEpochMilli(event.at());
    if (event instanceof PolicyEvent.PolicyIssued issued) {
      return issued(issued, at);
    }
    if (old == null) {
      return null;
    }
    return switch (event) {
      case PolicyEvent.PolicyIssued issued -> issued(issued, at);
      case PolicyEvent.PolicyEndorsed _ ->
          old.changed(
              old.status, old.premiumCents, old.validTo, old.endorsements + 1, old.renewals, at);
      case PolicyEvent.PremiumChanged changed ->
          old.changed(
              old.status, changed.premiumCents(), old.validTo, old.endorsements, old.renewals, at);
      case PolicyEvent.PolicyRenewed _ ->
          old.changed(
              ACTIVE,
              old.premiumCents,
              old.validTo.plus(TERM),
              old.endorsements,
              old.renewals + 1,
              at);
      case PolicyEvent.PolicyCancelled _ ->
          old.changed(CANCELLED, old.premiumCents, at, old.endorsements, old.renewals, at);
      case PolicyEvent.InsuredRenamed renamed -> old.renamed(renamed, at);
      case PolicyEvent.ClaimOpened claim -> old.claimed(claim.amountCents(), at);
    };
  }

  private static Policy issued(PolicyEvent.PolicyIssued issued, Instant at) {
    return new Policy(
        issued.firstName(),
        issued.lastName(),
        issued.email(),
        issued.city(),
        issued.age(),
        issued.product(),
        ACTIVE,
        issued.premiumCents(),
        at.plus(TERM),
        0,
        0,
        0,
        0,
        at,
        at);
  }

  private Policy changed(
      String newStatus,
      long newPremium,
      Instant newValidTo,
      long newEndorsements,
      long newRenewals,
      Instant at) {
    return new Policy(
        firstName,
        lastName,
        email,
        city,
        age,
        product,
        newStatus,
        newPremium,
        newValidTo,
        newEndorsements,
        newRenewals,
        claims,
        claimedCents,
        createdAt,
        at);
  }

  private Policy renamed(PolicyEvent.InsuredRenamed renamed, Instant at) {
    return new Policy(
        renamed.firstName(),
        renamed.lastName(),
        email,
        city,
        age,
        product,
        status,
        premiumCents,
        validTo,
        endorsements,
        renewals,
        claims,
        claimedCents,
        createdAt,
        at);
  }

  private Policy claimed(long cents, Instant at) {
    return new Policy(
        firstName,
        lastName,
        email,
        city,
        age,
        product,
        status,
        premiumCents,
        validTo,
        endorsements,
        renewals,
        claims + 1,
        claimedCents + cents,
        createdAt,
        at);
  }
}
