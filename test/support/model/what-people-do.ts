import fc from "fast-check";
import type { World } from "../../../src/sandbox/world/world.ts";
import {
  anybody,
  type Colleague,
  colleagues,
  comeBack,
  DEPARTMENTS,
  enrolAll,
  goOnLeave,
  move,
  setEnabled,
  shutOut,
} from "./small-company.ts";

/** Something that changes who works at the company, or what they can do, whatever the rollout does. */
interface Change {
  readonly name: string;
  happens(world: World): void;
}

/** A company smaller than this shows nothing more. */
export const FEWEST = 6;

const some = fc.nat(30);

const toSomebody = (world: World, number: number, happens: (somebody: Colleague) => void): void => {
  const somebody = anybody(world, number);
  if (somebody !== undefined) happens(somebody);
};
const toOneOf = (people: readonly Colleague[], number: number, happens: (somebody: Colleague) => void): void => {
  const somebody = people[number % people.length];
  if (somebody !== undefined) happens(somebody);
};

/** Who moves, goes on leave and comes back, loses the account and gets it again; everybody enrols. */
export const whatPeopleDo: readonly fc.Arbitrary<Change>[] = [
  fc.tuple(some, fc.constantFrom(...DEPARTMENTS)).map(([number, to]) => ({
    name: `mover: ${number} to ${to}`,
    happens: (world) => toSomebody(world, number, (mover) => move(mover, to)),
  })),
  fc.tuple(some, fc.integer({ min: 30, max: 60 })).map(([number, days]) => ({
    name: `leave: of ${number} for ${days} days`,
    happens: (world) => toSomebody(world, number, (somebody) => goOnLeave(world, somebody, days)),
  })),
  some.map((number) => ({
    name: `back from leave: ${number}`,
    happens: (world) => {
      const ids = new Set(world.timeOff.map(({ employeeId }) => employeeId));
      const away = colleagues(world).filter(({ employee }) => ids.has(employee.id));
      toOneOf(away, number, (somebody) => comeBack(world, somebody));
    },
  })),
  some.map((number) => ({
    name: `account disabled: ${number}`,
    happens: (world) => {
      if (colleagues(world).length > FEWEST) toSomebody(world, number, (somebody) => setEnabled(somebody, false));
    },
  })),
  some.map((number) => ({
    name: `account enabled again: ${number}`,
    happens: (world) => toOneOf(shutOut(world), number, (somebody) => setEnabled(somebody, true)),
  })),
  fc.constant({ name: "everybody enrols", happens: enrolAll }),
];
