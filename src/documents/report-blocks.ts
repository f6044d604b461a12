/** The parts of a report, before it is a PDF or text. Both are made from the same blocks, so they say the same. */
export type Block =
  | { readonly kind: "title"; readonly eyebrow: string; readonly text: string; readonly lines: readonly string[] }
  | { readonly kind: "heading"; readonly text: string; readonly newPage?: boolean }
  /** The one sentence that a reader in a hurry takes along. */
  | { readonly kind: "lead"; readonly text: string }
  | { readonly kind: "paragraph"; readonly text: string }
  /** The short answers of page one: a figure and what it says. */
  | { readonly kind: "answers"; readonly rows: readonly { readonly figure: string; readonly text: string }[] }
  | { readonly kind: "bars"; readonly legend: string; readonly rows: readonly Bar[] }
  | Table;

/** A share of a whole, drawn as a bar and written in words. */
export interface Bar {
  readonly label: string;
  readonly part: number;
  readonly whole: number;
  /** Drawn in full colour; a light bar says "not yet". */
  readonly strong: boolean;
  readonly note: string;
}

export interface Table {
  readonly kind: "table";
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly string[])[];
  /** Said instead of a table without rows. */
  readonly empty: string;
}

export interface Column {
  readonly title: string;
  /** Share of the width, relative to the other columns. */
  readonly share: number;
  readonly align?: "right";
}
