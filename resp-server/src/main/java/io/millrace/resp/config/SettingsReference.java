package io.millrace.resp.config;

import io.millrace.resp.config.ServerSetting.Effect;
import java.util.List;

/** Writes the page that says what changing a setting does. */
public final class SettingsReference {
  private SettingsReference() {}

  /** The page, in Markdown. */
  public static String page() {
    var settings = new ServerSettings();
    var page = new StringBuilder("# What CONFIG SET changes\n\n");
    page.append(
        "Generated from the table of settings. The value that holds already is always OK.\n");
    section(page, settings, Effect.ACTS, "Acts at once.");
    section(page, settings, Effect.STARTS, "Refused: set at start, by flag, environment or file.");
    section(page, settings, Effect.ABSENT, "Refused: there is nothing here that could act.");
    section(page, settings, Effect.PROTECTED, "Refused unless `enable-protected-configs yes`.");
    section(page, settings, Effect.FIXED, "Refused, as in Redis.");
    section(page, settings, Effect.NOTED, "Kept and shown, without effect; the log says so once.");
    return page.toString();
  }

  private static void section(
      StringBuilder page, ServerSettings settings, Effect effect, String what) {
    List<String> names = settings.names(effect);
    page.append("\n## ").append(what).append("\n\n");
    names.forEach(name -> page.append("- `").append(name).append("`\n"));
  }
}
