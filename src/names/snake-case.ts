/** `MaxPooling2D` to `max_pooling2d`, as Keras names layers and the groups of an archive (keras/src/utils/naming.py, `to_snake_case`). */
export function snakeCase(className: string): string {
  return className
    .replace(/\W+/g, "")
    .replace(/(.)([A-Z][a-z]+)/g, "$1_$2")
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .toLowerCase();
}
