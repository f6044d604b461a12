import { z } from "zod";
import { defineTool } from "../src/kit/define-tool.ts";

export const listProcedures = defineTool({
  name: "list_procedures",
  title: "List procedures",
  description:
    "Lists the stored procedures with version, parameters and the rollouts that used them. Use an id from it in " +
    "start_rollout to replay a rollout for the next customer.",
  approval: "observe",
  idempotent: true,
  connectors: [],
  input: z.strictObject({}),
  output: z.strictObject({
    procedures: z.array(
      z.strictObject({
        id: z.string(),
        version: z.string(),
        title: z.string(),
        description: z.string(),
        parameters: z.array(z.string()),
        used_by: z.array(z.string()),
      }),
    ),
  }),

  async handler({ procedures, store }) {
    const uses: { hash: string; rollout: string }[] = [];
    for (const id of await store.list()) {
      const state = await (await store.open(id)).state();
      uses.push({ hash: state.procedure.hash, rollout: id });
    }
    const stored = await procedures.list();
    return {
      procedures: stored.map((procedure) => ({
        id: procedure.id,
        version: procedure.version,
        title: procedure.title,
        description: procedure.description,
        parameters: procedure.parameters.map(({ name, type }) => `${name}: ${type}`),
        used_by: uses
          .filter(({ hash }) => hash === procedure.hash)
          .map(({ rollout }) => rollout)
          .slice(-5),
      })),
    };
  },

  summarize: ({ procedures }) =>
    procedures.length === 0
      ? "No procedure is stored."
      : procedures.map(({ id, version, title }) => `${id} ${version}: ${title}`).join("\n"),
});
