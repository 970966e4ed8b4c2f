/** The text of a `config.json`. */

/**
 * Fields that transformers 5 declares to be floats and refuses as integers, in the configurations of the architectures
 * that Textune has. JavaScript knows one kind of number, and would write 2.0 as 2.
 */
const FLOATS = /^( *"(?:initializer_cutoff_factor|initializer_range|layer_norm_eps|norm_eps)": -?\d+)(?=,?$)/gm;

/** `config` as JSON, line by line, which transformers reads too. */
export function configText(config: Readonly<Record<string, unknown>>): string {
  return `${JSON.stringify(config, null, 2).replace(FLOATS, "$1.0")}\n`;
}
