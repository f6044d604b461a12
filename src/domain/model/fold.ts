/** The form in which identifiers from two systems are compared: NFKC, lower case, no blanks around. */
export const fold = (text: string): string => text.trim().normalize("NFKC").toLowerCase();
