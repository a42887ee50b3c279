/*
 * TensorFlow takes memory for each result and gives it back when the tensor is freed. glibc returns the end of its heap
 * to the system at once, which clears every page again for the next result; what lies below something that stays it
 * never returns.
 *   keepFreedMemory(bytes): up to so many bytes at the end of the heap are kept for the next result. Blocks of 32 MB
 *   and more, the most that glibc allows, still go back at once: in the heap they would break it into holes, as it does
 *   not find the place of an aligned block that it has just freed.
 *   returnFreedMemory(bytes): returns all that is free in the heap, where it is more than so many bytes
 */
#include <stdlib.h>
#include <node_api.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

static double ArgumentOf(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value argument;
  double bytes = 0;
  napi_get_cb_info(env, info, &count, &argument, NULL, NULL);
  napi_get_value_double(env, argument, &bytes);
  return bytes;
}

static napi_value KeepFreedMemory(napi_env env, napi_callback_info info) {
  double bytes = ArgumentOf(env, info);
#ifdef __GLIBC__
  mallopt(M_MMAP_THRESHOLD, 32 << 20);
  mallopt(M_TRIM_THRESHOLD, (int)bytes);
#endif
  return NULL;
}

static napi_value ReturnFreedMemory(napi_env env, napi_callback_info info) {
  double least = ArgumentOf(env, info);
#ifdef __GLIBC__
#if __GLIBC_PREREQ(2, 33)
  if (mallinfo2().fordblks < least) return NULL;
#endif
  malloc_trim(0);
#endif
  return NULL;
}

NAPI_MODULE_INIT() {
  napi_property_descriptor functions[] = {
      {"keepFreedMemory", NULL, KeepFreedMemory, NULL, NULL, NULL, napi_default, NULL},
      {"returnFreedMemory", NULL, ReturnFreedMemory, NULL, NULL, NULL, napi_default, NULL},
  };
  napi_define_properties(env, exports, sizeof functions / sizeof functions[0], functions);
  return exports;
}
