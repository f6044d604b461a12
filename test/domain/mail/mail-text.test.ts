import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { renderMail, renderMessage, renderText } from "../../../src/documents/mail-text.ts";
import { ConfigurationError } from "../../../src/errors.ts";

const TEMPLATE = `---
subject: "Hello {{ name }}: MFA"
---
Hello {{ name }}, this is **{{ name }}** and \`{{ name }}\`.

[Set up]({{ url }})

- one
- [{{ name }}](mailto:{{ name }})
`;
const values = (name: string, url = "https://guide.test/") => ({ name, url });
const mail = (name: string) => renderMail({ template: TEMPLATE, values: values(name) });
const tagsOf = (html: string) => html.match(/<[^>]*>/g)?.map((tag) => tag.replace(/ href="mailto:[^"]*"/, "")) ?? [];

describe("renderMail", () => {
  it("writes text that is read and not stripped", () => {
    expect(mail("Ada")).toMatchObject({
      subject: "Hello Ada: MFA",
      text: "Hello Ada, this is Ada and Ada.\n\nSet up (https://guide.test/)\n\n- one\n- Ada\n",
    });
  });

  it("makes a button of a link that stands alone, and fetches nothing", () => {
    const { html } = mail("Ada");
    expect(html).toMatch(/<a href="https:\/\/guide\.test\/" style="display:inline-block[^"]*">Set up<\/a>/);
    expect(html).not.toMatch(/<(img|link|script|style|iframe)|@import|url\(|src=/);
    expect(html).toContain('name="color-scheme" content="light dark"');
  });

  it.each([
    ["markup", "<img src=x onerror=alert(1)>"],
    ["Markdown", "**[x](https://evil.test)** # a | b"],
    ["Liquid", "{{ url }}{% if %}{{"],
    ["an end of the front matter", "x\n---\n# Title"],
    ["a sealed value of its own", "zqv61vqz"],
  ])("shows a name that holds %s as it stands", (_, name) => {
    const shown = name.replace(/\s+/g, " ");
    expect(mail(name).text).toContain(`Hello ${shown}, this is ${shown} and ${shown}.`);
    expect(tagsOf(mail(name).html)).toEqual(tagsOf(mail("Ada").html));
  });

  it("keeps the subject on one line and free of marks that turn the writing", () => {
    expect(mail("a\r\nBcc: x@evil.test\u202E!").subject).toBe("Hello a Bcc: x@evil.test!: MFA");
  });

  it("cannot be given another structure by any value", () => {
    const plain = mail("Ada");
    const bits = [
      "<b>",
      "*",
      "_",
      "`",
      "\n\n",
      "# ",
      "- ",
      "[a](b)",
      "{{",
      "}}",
      "&lt;",
      '"',
      "\u2028",
      "a",
      "?bcc=x",
      "\\",
    ];
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...bits) }), (name) => {
        const rendered = mail(name);
        expect(tagsOf(rendered.html)).toEqual(tagsOf(plain.html));
        expect(rendered.text.split("\n")).toHaveLength(plain.text.split("\n").length);
        expect(rendered.subject).not.toMatch(/[\r\n]/);
      }),
    );
  });

  it("lets a value in a longer link name no further recipient", () => {
    expect(mail("a@x.test?bcc=b@y.test").html).toContain('href="mailto:a@x.test%3Fbcc%3Db@y.test"');
  });

  it.each(["javascript:alert(1)", "http://guide.test", "/relative", "mailto:a@b.test"])(
    "refuses the link %s",
    (url) => {
      expect(() => renderMail({ template: TEMPLATE, values: values("Ada", url) })).toThrow(ConfigurationError);
    },
  );

  it.each([
    ["a variable that is not filled in", "---\nsubject: x\n---\n{{ nobody }}"],
    ["a property that a string merely inherits", "---\nsubject: x\n---\n{{ name.constructor }}"],
    ["a way around the escaping", "---\nsubject: x\n---\n{{ name | raw }}"],
    ["a file of ours", "---\nsubject: x\n---\n{% include 'package.json' %}"],
    ["a loop", "---\nsubject: x\n---\n{% for i in (1..1000000) %}{{ name }}{% endfor %}"],
    ["no front matter", "Hello"],
    ["an empty subject", "---\nsubject:\n---\nHello"],
  ])("refuses a template with %s", (_, template) => {
    expect(() => renderMail({ template, values: values("Ada") })).toThrow(ConfigurationError);
  });

  it("puts an appendix below the mail, verbatim in the text and as a table in the HTML", () => {
    const appendix = "| A | B |\n| --- | ---: |\n| 1 {{ x }} | 2 |\n";
    const { text, html } = renderMail({ template: TEMPLATE, values: values("Ada"), appendix });
    expect(text.endsWith(`\n\n${appendix}`)).toBe(true);
    expect(html).toMatch(/<td style="[^"]+">1 {{ x }}<\/td>/);
  });
});

describe("renderText and renderMessage", () => {
  it("render without a front matter", () => {
    const text = { template: "1. Hello {{ name }}\n   again\n2. Bye\n", values: values("<Ada>") };
    expect(renderText(text)).toBe("1. Hello <Ada> again\n2. Bye\n");
    expect(renderMessage(text)).toBe("<ol>\n<li>Hello &lt;Ada&gt;\nagain</li>\n<li>Bye</li>\n</ol>\n");
  });

  it("choose by a condition on the real value", () => {
    const template = "{% if name == 'Ada' %}known{% else %}unknown{% endif %}";
    expect(renderText({ template, values: values("Ada") })).toBe("known\n");
  });
});
