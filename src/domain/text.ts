/** What the program says to people, in the two languages that it speaks. */
export interface Text {
  readonly en: string;
  readonly ja: string;
}

export type Language = keyof Text;

/** A text that is the same in both languages: a name, a path, what another program said. */
export function sameText(text: string): Text {
  return { en: text, ja: text };
}

/** Several texts as one. */
export function joinTexts(texts: readonly Text[], separator: string): Text {
  return {
    en: texts.map(({ en }) => en).join(separator),
    ja: texts.map(({ ja }) => ja).join(separator),
  };
}
