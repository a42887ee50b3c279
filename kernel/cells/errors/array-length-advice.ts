/** Elements of the longest typed array that V8 makes, on 64 bits. */
const LONGEST = 2 ** 32;

/** What V8's message leaves open where an array was to have more elements than there is room for; else empty. */
export function arrayLengthAdvice(message: string): string {
  if (message === "Array buffer allocation failed")
    return "There is no memory for an array as long as this. Look at the shape that was asked for.";
  const length = Number(/^Invalid typed array length: (\d+)$/.exec(message)?.[1] ?? 0);
  if (length <= LONGEST) return "";
  const size = (length * 4) / 2 ** 30;
  return (
    `An array of ${length.toLocaleString("en")} numbers is longer than any that Node makes; as float32 it would take ` +
    `${size.toLocaleString("en", { maximumFractionDigits: 0 })} GiB. Look at the shape that was asked for.`
  );
}
