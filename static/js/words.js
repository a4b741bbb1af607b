/** Words of our scripts in the reader's language, where there is a catalogue of them. */
export const gettext = (words) => globalThis.django?.gettext?.(words) ?? words;
