import { TABLE } from "./enrolment-table.ts";

interface Measure {
  readonly name: string;
  readonly expression: string;
  readonly formatString: string;
  readonly description: string;
}

const column = (name: string): string => `'${TABLE}'[${name}]`;

/**
 * Counts of the newest snapshot of each rollout, as of the last moment that the report looks at. Rows are only ever
 * added, so a plain sum would count every snapshot. The row of all departments is left out, or everybody counted twice.
 * What a department's newest snapshot is, is asked without the department: one that was dissolved counts nobody.
 */
function newest(counted: string): string {
  const everyDepartment = `REMOVEFILTERS ( ${column("department")}, ${column("phase")} )`;
  return `VAR AsOf = CALCULATE ( MAX ( ${column("takenAt")} ), ${everyDepartment} )
RETURN
    CALCULATE (
        SUMX (
            VALUES ( ${column("rolloutId")} ),
            VAR Taken = CALCULATE ( MAX ( ${column("takenAt")} ), ${everyDepartment} )
            VAR Newest = CALCULATE ( MAX ( ${column("snapshotId")} ), ${column("takenAt")} = Taken, ${everyDepartment} )
            RETURN CALCULATE ( SUM ( ${column(counted)} ), ${column("snapshotId")} = Newest )
        ),
        REMOVEFILTERS ( ${column("day")} ),
        ${column("takenAt")} <= AsOf,
        KEEPFILTERS ( ${column("department")} <> "All departments" )
    )`;
}

const count = (name: string, counted: string, description: string): Measure => ({
  name,
  expression: newest(counted),
  formatString: "#,0",
  description,
});
const share = (name: string, of: string, description: string): Measure => ({
  name,
  expression: `DIVIDE ( [${of}], [Accounts in scope] )`,
  formatString: "0.0%",
  description,
});

/** What a report shows, in DAX. `dashboards/power-bi` has the same in its model, so that one report reads either. */
export const MEASURES: readonly Measure[] = [
  count("Accounts in scope", "inScope", "Accounts that have to use MFA."),
  count("Accounts registered", "registered", "Have a strong method."),
  count("Accounts enrolled", "enrolled", "Have a method that policy allows."),
  count("Accounts enforced", "enforced", "An enabled policy covers the account and nothing carves it out."),
  count("Accounts excepted", "exceptions", "Signed exceptions, apart from those in scope."),
  share("Registered %", "Accounts registered", "Share of those in scope with a strong method."),
  share("Enrolled %", "Accounts enrolled", "Share of those in scope with a method that policy allows."),
  share("Enforced %", "Accounts enforced", "Share of those in scope whom an enabled policy covers."),
  {
    name: "As of",
    expression: `MAX ( ${column("takenAt")} )`,
    formatString: "yyyy-mm-dd hh:nn",
    description: "When the people of the newest snapshot were read, UTC.",
  },
];
