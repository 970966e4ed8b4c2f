const QUALITIES =
  "amber brave bright brisk calm clear cosmic crisp daring deep eager early fair fresh gentle golden grand happy keen kind light lively lucky mellow mild misty noble proud quick quiet rapid silver smooth solar steady sunny swift vivid warm wise";
const THINGS =
  "aurora beacon birch breeze brook canyon cedar cloud comet coral dawn delta dune eagle ember falcon fern field forest galaxy garden glacier harbor heron island lagoon lake lark maple meadow moon oak ocean orchid otter peak pine planet pond rain reef ridge river robin sea shore sky snow spring star stone storm stream summit sun thunder tide tree valley violet wave willow wind wood";

/** A name that is easy to say, such as "swift-otter-12": two words chosen by the id, and the run's number in its project. */
export function runName(id: string, number: number): string {
  let sum = 0;
  for (const character of id) sum = (Math.imul(sum, 31) + character.charCodeAt(0)) >>> 0;
  const qualities = QUALITIES.split(" ");
  const things = THINGS.split(" ");
  return `${qualities[sum % qualities.length]}-${things[Math.floor(sum / qualities.length) % things.length]}-${number}`;
}
