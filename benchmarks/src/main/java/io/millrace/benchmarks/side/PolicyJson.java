package io.millrace.benchmarks.side;

import io.millrace.node.demo.Policies.ClaimOpened;
import io.millrace.node.demo.Policies.InsuredRenamed;
import io.millrace.node.demo.Policies.PolicyCancelled;
import io.millrace.node.demo.Policies.PolicyEndorsed;
import io.millrace.node.demo.Policies.PolicyEvent;
import io.millrace.node.demo.Policies.PolicyIssued;
import io.millrace.node.demo.Policies.PolicyRenewed;
import io.millrace.node.demo.Policies.PremiumChanged;

/** Policy events as lines of NDJSON, as a client writes them. */
final class PolicyJson {
  private PolicyJson() {}

  /** Writes an event and the end of its line. The generator's texts need no escapes. */
  static void line(StringBuilder out, PolicyEvent event) {
    out.append("{\"@type\":\"").append(type(event));
    out.append("\",\"policyId\":").append(event.policyId());
    out.append(",\"happenedAt\":").append(event.happenedAt());
    switch (event) {
      case PolicyIssued e -> {
        text(out, "firstName", e.firstName());
        text(out, "lastName", e.lastName());
        text(out, "carrier", e.carrier());
        out.append(",\"premiumCents\":").append(e.premiumCents());
        text(out, "renewsOn", e.renewsOn());
      }
      case PolicyEndorsed e -> text(out, "text", e.text());
      case PremiumChanged e -> out.append(",\"premiumCents\":").append(e.premiumCents());
      case PolicyRenewed e -> text(out, "renewsOn", e.renewsOn());
      case InsuredRenamed e -> {
        text(out, "firstName", e.firstName());
        text(out, "lastName", e.lastName());
      }
      case ClaimOpened e ->
          out.append(",\"claimId\":")
              .append(e.claimId())
              .append(",\"amountCents\":")
              .append(e.amountCents());
      case PolicyCancelled e -> text(out, "reason", e.reason());
    }
    out.append("}\n");
  }

  private static String type(PolicyEvent event) {
    return switch (event) {
      case PolicyIssued _ -> "policy_issued";
      case PolicyEndorsed _ -> "policy_endorsed";
      case PremiumChanged _ -> "premium_changed";
      case PolicyRenewed _ -> "policy_renewed";
      case InsuredRenamed _ -> "insured_renamed";
      case ClaimOpened _ -> "claim_opened";
      case PolicyCancelled _ -> "policy_cancelled";
    };
  }

  private static void text(StringBuilder out, String name, String value) {
    out.append(",\"").append(name).append("\":\"").append(value).append('"');
  }
}
