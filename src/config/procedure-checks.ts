import { renderMail, renderMessage, renderText } from "../documents/mail-text.ts";
import { variablesOf } from "../documents/template.ts";
import { TEXT_VARIABLES } from "../domain/mail/text-values.ts";
import type { Procedure, ProcedureStep } from "../domain/model/procedure.ts";
import { RolloutError } from "../errors.ts";

/** What the schema of `procedure.yaml` cannot see: names that refer to other names. One sentence a problem. */
export function stepProblems(procedure: Omit<Procedure, "hash" | "texts">): string[] {
  const { prepare, eachPhase, nextPhaseAfter, close, parameters } = procedure;
  const known = eachPhase.some(({ id }) => id === nextPhaseAfter);
  return [
    ...laneProblems("prepare", prepare),
    ...laneProblems("each_phase", eachPhase),
    ...laneProblems("close", close),
    ...(known ? [] : [`next_phase_after: each_phase has no step ${nextPhaseAfter}`]),
    ...repeated(parameters.map(({ name }) => name)).map((name) => `parameters: ${name} stands there twice`),
  ];
}

function laneProblems(lane: string, steps: readonly ProcedureStep[]): string[] {
  const waits = steps.flatMap(({ id, wait }, index) => {
    if (wait === null) return [];
    if ("after" in wait) {
      const isEarlier = steps.slice(0, index).some((step) => step.id === wait.after);
      return isEarlier ? [] : [`${lane}: step ${id} waits for ${wait.after}, which is no earlier step of the list`];
    }
    return lane === "each_phase" ? [] : [`${lane}: step ${id} waits for an enforcement date, which only a phase has`];
  });
  return [...repeated(steps.map(({ id }) => id)).map((id) => `${lane}: two steps are called ${id}`), ...waits];
}

const repeated = (names: readonly string[]): readonly string[] => [
  ...new Set(names.filter((name, index) => names.indexOf(name) !== index)),
];

/** Missing texts, variables that nobody fills in or that are not among the parameters, and whatever fails to render. */
export function textProblems(texts: Procedure["texts"], parameters: Procedure["parameters"]): string[] {
  const declared = new Set(parameters.map(({ name }) => name));
  return Object.entries(TEXT_VARIABLES).flatMap(([file, variables]) => {
    const template = texts[file];
    if (template === undefined) return [`${file}: the file is missing`];
    return explained(file, () => {
      const problems = variablesOf(template).flatMap((name) => {
        if (!variables.includes(name)) return [`${file}: the variable ${name} is not filled in for this text`];
        return declared.has(name) ? [] : [`${file}: the variable ${name} is not among the parameters`];
      });
      if (problems.length === 0) renderSample(file, template, variables);
      return problems;
    });
  });
}

function renderSample(file: string, template: string, variables: readonly string[]): void {
  const values = Object.fromEntries(
    variables.map((name) => [name, name.endsWith("_url") ? "https://example.com/" : "x"]),
  );
  if (file.startsWith("emails/")) renderMail({ template, values });
  else if (file === "ticket-reply.md") renderText({ template, values });
  else renderMessage({ template, values });
}

function explained(file: string, check: () => string[]): string[] {
  try {
    return check();
  } catch (error) {
    if (error instanceof RolloutError) return [`${file}: ${error.message}`];
    throw error;
  }
}
