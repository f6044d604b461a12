import { isAbsolute } from "node:path";
import { z } from "zod";
import { secretReference } from "./secret.ts";

export const PowerBi = z.strictObject({
  kind: z.literal("power-bi"),
  workspace_id: z.guid().describe("Shared workspace: in its URL, after groups/"),
});

/** One CSV file a snapshot, for Power BI, Fabric, Excel or whatever else reads a folder. */
export const Folder = z.strictObject({
  kind: z.literal("file"),
  folder: z
    .string()
    .refine((path) => isAbsolute(path), "must be an absolute path")
    .describe("Absolute path of the folder that takes one CSV file a snapshot; made when what it lies in is there"),
});

/** Snapshots go into BigQuery, over which Looker or Looker Studio shows them. */
export const Looker = z.strictObject({
  kind: z.literal("looker"),
  project_id: z
    .string()
    .regex(/^[a-z][a-z0-9:.-]{4,}[a-z0-9]$/, "must be the id of a Google Cloud project")
    .describe("Google Cloud project of the BigQuery dataset"),
  dataset: z
    .string()
    .regex(/^\w+$/, "must be letters, digits and underscores")
    .describe("BigQuery dataset, which exists already"),
  location: z.string().min(1).describe("Where the dataset is kept, such as US or europe-west3"),
  client_email: z.email().describe("Service account that loads the rows"),
  private_key: secretReference.describe("Its key, PEM"),
  looker: z
    .strictObject({
      host: z
        .string()
        .regex(/^[a-z0-9.-]+(:\d+)?$/, "must be a host name such as larkfield.cloud.looker.com")
        .describe("Host of the instance's API, with its port where that is not 443"),
      client_id: z.string().min(1).describe("API key of a Looker user"),
      client_secret: secretReference.describe("Secret of that API key"),
      model: z.string().min(1).default("mfa_rollout").describe("Model in which dashboards/looker was deployed"),
    })
    .optional()
    .describe("The Looker instance that is told of new rows; left out where Looker Studio shows the table"),
});
