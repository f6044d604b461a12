import type { NameStock } from "../company-profile.ts";

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

export const LARKFIELD_NAMES: NameStock = {
  given: GIVEN_NAMES,
  surnames: SURNAMES,
  preferred: new Map([
    ["Robert", "Bob"],
    ["William", "Bill"],
    ["Elizabeth", "Liz"],
    ["Katherine", "Kate"],
  ]),
};
