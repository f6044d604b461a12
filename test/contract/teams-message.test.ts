import { describe, expect, it } from "vitest";
import { hasMarker, toCardMarkdown, withMarker } from "../../src/connectors/teams/message-html.ts";

describe("the text of a Teams message", () => {
  it("carries a marker that is found again, whatever Teams does to its markup", () => {
    const sent = withMarker("<p>Hello</p>", "[mfa-rollout:a&b]");
    expect(hasMarker(sent, "[mfa-rollout:a&b]")).toBe(true);
    expect(hasMarker(sent.replaceAll("<small>", "<span>").replace("&amp;", "&#38;"), "[mfa-rollout:a&b]")).toBe(true);
    expect(hasMarker(sent, "[mfa-rollout:a]")).toBe(false);
  });

  it("leaves an impossible entity of a stranger's message alone", () => {
    expect(hasMarker("&#9999999; &#1114112; [m]", "[m]")).toBe(true);
  });

  it("becomes Markdown for a card", () => {
    const html = `<h2>MFA</h2><p>Read the <a href="https://guide.example/a?b=1&amp;c=2">guide</a>.</p>
      <ul><li>Today &lt; Friday</li><li><strong>Ask</strong> here</li></ul>`;
    expect(toCardMarkdown(html)).toBe(
      "**MFA**\n\nRead the [guide](https://guide.example/a?b=1&c=2).\n\n- Today < Friday\n- **Ask** here",
    );
  });
});
