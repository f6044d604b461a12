import ora from "ora";
import type { Step } from "../drive/follow.ts";

/** How the demo shows itself: a line for each thing that happened, with the world's time; a spinner for what runs now. */
export class Timeline {
  readonly #spinner = ora({ stream: process.stderr, isEnabled: process.stderr.isTTY === true });
  readonly #timeZone: string;
  #day = "";
  #quiet = "";

  constructor(timeZone: string) {
    this.#timeZone = timeZone;
  }

  now(text: string): void {
    if (process.stderr.isTTY) this.#spinner.start(text);
  }

  step(step: Step): void {
    switch (step.kind) {
      case "called":
        this.#called(step);
        break;
      case "failed":
        this.#failed(step);
        break;
      case "waiting":
        this.#waiting(step);
        break;
    }
  }

  say(text: string): void {
    this.#spinner.stop();
    process.stdout.write(`${text}\n`);
  }

  stop(): void {
    this.#spinner.stop();
  }

  #failed({ at, tool, failure, again }: Extract<Step, { kind: "failed" }>): void {
    this.#line(at, again ? "↻" : "✗", `${tool}: ${failure.code}, ${again ? "tried again" : "gave up"}`);
  }

  #called({ at, tool, text, status }: Extract<Step, { kind: "called" }>): void {
    const mark = status === "approval_required" ? "?" : status === "paused" ? "…" : "✓";
    const [sentence = ""] = text.split("\n");
    this.#line(at, mark, `${tool.padEnd(27)} ${cut(sentence, 150)}`);
  }

  #waiting({ at, next }: Extract<Step, { kind: "waiting" }>): void {
    const what = next.wait_for === "time" ? `until ${this.#local(next.until ?? "")}` : `for ${next.wait_for}`;
    const line = `waits ${what}: ${cut(next.why, 130)}`;
    if (line === this.#quiet) return;
    this.#quiet = line;
    this.#line(at, next.wait_for === "time" ? "⏳" : "✍", line);
  }

  #line(at: string, mark: string, text: string): void {
    const local = this.#local(at);
    const day = local.slice(0, 10);
    if (day !== this.#day) {
      this.#day = day;
      this.say(`\n${weekday(day)} ${day}`);
    }
    this.say(`  ${local.slice(11, 16)} ${mark} ${text}`);
  }

  /** `2026-10-05 08:00` on the customer's wall clock. */
  #local(at: string): string {
    return new Intl.DateTimeFormat("sv-SE", {
      timeZone: this.#timeZone,
      dateStyle: "short",
      timeStyle: "short",
    }).format(new Date(at));
  }
}

const cut = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

const weekday = (day: string): string =>
  new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", weekday: "long" }).format(new Date(`${day}T00:00:00Z`));
