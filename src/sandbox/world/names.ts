/** A name as its bearer writes it, and the part before the @ where that cannot be made from it. */
export interface PersonName {
  readonly given: string;
  readonly surname: string;
  readonly local?: string;
}

const GIVEN_NAMES = (
  "Ava Noah Emma Liam Mia Lucas Zoe Ethan Chloe Mason Grace Logan Ruby Owen Nora Caleb Iris Dylan Hazel Aaron Elena Marcus " +
  "Priya Diego Amara Kenji Fatima Pavel Ingrid Tomás Leïla Jürgen Renée Søren Anaïs Mateo Yuki Omar Sofia Andre Bianca " +
  "Curtis Deborah Elliot Farah Gordon Helena Ivan Jasmine Kevin Lucia Miguel Nadia Oscar Paula Quentin Rosa Stefan Teresa " +
  "Ursula Victor Wendy Xavier Yvonne Zachary Robert William Elizabeth Katherine Brian Carla Derek Esther"
).split(" ");

const SURNAMES = (
  "Anderson Baker Carter Dawson Ellis Fischer Garcia Hughes Ibrahim Jensen Kowalczyk Lopez Mitchell Nguyen Ortiz Patel Quinn " +
  "Rossi Schmidt Turner Ueda Vargas Walker Xiong Young Zimmerman Abbott Bennett Chen Duarte Eriksson Flores Gupta Hansen " +
  "Iverson Jackson Kim Larsen Moreau Novak Okafor Petrov Ramírez Sørensen Torres Ulrich Voss Weber Yamada Ziegler Ahmed " +
  "Brooks Castillo Dubois Evans Fernández Gallagher Hoffmann Ishikawa Jankowski Kaminski Lindqvist Müller Nakamura Olsen " +
  "Pereira Reyes Silva Tanaka Vasquez Whitfield Yilmaz Zhou Barrett Crawford Donovan Fleming Hayes Lambert"
).split(" ");

const NAMES = GIVEN_NAMES.length * SURNAMES.length;
/** Prime, and no divisor of `NAMES`, so that stepping by it meets every pair once before any comes again. */
const STRIDE = 1009;

/** The name of the `index`-th person; names repeat only after every pair of the lists has been used. */
export function nameOf(index: number, offset: number): PersonName {
  const pair = (index * STRIDE + offset) % NAMES;
  return {
    given: GIVEN_NAMES[pair % GIVEN_NAMES.length] ?? "Ava",
    surname: SURNAMES[Math.floor(pair / GIVEN_NAMES.length)] ?? "Anderson",
  };
}

/** What friends call the bearer of a given name, where HR keeps it. */
export const PREFERRED_NAMES: ReadonlyMap<string, string> = new Map([
  ["Robert", "Bob"],
  ["William", "Bill"],
  ["Elizabeth", "Liz"],
  ["Katherine", "Kate"],
]);

/** The part before the @: lower case, without marks, spaces as dots; an apostrophe stays, as mail allows it. */
export function localPart({ given, surname, local }: PersonName): string {
  if (local !== undefined) return local;
  return `${given}.${surname}`
    .normalize("NFD")
    .replaceAll(/\p{Mark}/gu, "")
    .replaceAll("ø", "o")
    .replaceAll("Ł", "L")
    .replaceAll("ł", "l")
    .replaceAll(" ", ".")
    .toLowerCase();
}
