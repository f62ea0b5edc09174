package io.millrace.node.demo;

/** What happens to an insurance policy. */
public sealed interface PolicyEvent {
  /** The policy. */
  long policyId();

  /** When it happened, ms since the epoch. */
  long at();

  /** A policy begins. */
  record PolicyIssued(
      long policyId,
      long at,
      String firstName,
      String lastName,
      String email,
      String city,
      int age,
      String product,
      long premiumCents)
      implements PolicyEvent {}

  /** Its terms were changed. */
  record PolicyEndorsed(long policyId, long at, String clause) implements PolicyEvent {}

  /** It costs another premium. */
  record PremiumChanged(long policyId, long at, long premiumCents) implements PolicyEvent {}

  /** It goes on for another year. */
  record PolicyRenewed(long policyId, long at) implements PolicyEvent {}

  /** The insured has another name. */
  record InsuredRenamed(long policyId, long at, String firstName, String lastName)
      implements PolicyEvent {}

  /** A loss was reported. */
  record ClaimOpened(long policyId, long at, String claimNumber, long amountCents)
      implements PolicyEvent {}

  /** The policy ends. */
  record PolicyCancelled(long policyId, long at, String reason) implements PolicyEvent {}
}
