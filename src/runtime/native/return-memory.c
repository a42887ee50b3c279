/*
 * TensorFlow's allocator (BFCAllocator) keeps the memory of freed tensors for the next ones, and never returns it to the
 * system. returnMemory(bytes) has it returned: memory is taken from the allocator as tensors without values, as much as
 * there is that was used before; its pages are given to the system; and the tensors are freed. Where its next value is
 * written the system brings a new page.
 */
#include <node_api.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#ifdef __linux__
#include <sys/mman.h>
#include <unistd.h>
#include <tensorflow/c/c_api.h>
#include <tensorflow/c/eager/c_api.h>

enum { SMALLEST = 1 << 20, LARGEST = 1 << 25, MOST = 4096, UNUSED = 8 };

/* ConfigProto with device_count { "GPU": 0 }: the GPU stays with the binding's own context. */
static const char NO_GPU[] = "\x0a\x07\x0a\x03GPU\x10\x00";

static TFE_Context *Context(TF_Status *status) {
  static TFE_Context *context = NULL;
  if (context) return context;
  TFE_ContextOptions *options = TFE_NewContextOptions();
  TFE_ContextOptionsSetConfig(options, NO_GPU, sizeof NO_GPU - 1, status);
  if (TF_GetCode(status) == TF_OK) context = TFE_NewContext(options, status);
  TFE_DeleteContextOptions(options);
  return context;
}

/* A tensor of so many bytes that holds what its memory held before; NULL when there is no room. */
static TFE_TensorHandle *Empty(TFE_Context *context, size_t bytes, TF_Status *status) {
  int64_t length = 1;
  int outputs = 1;
  TFE_TensorHandle *result = NULL;
  TF_Tensor *shape = TF_AllocateTensor(TF_INT32, &length, 1, sizeof(int32_t));
  *(int32_t *)TF_TensorData(shape) = (int32_t)(bytes / sizeof(float));
  TFE_TensorHandle *input = TFE_NewTensorHandle(shape, status);
  TFE_Op *op = TFE_NewOp(context, "Empty", status);
  if (op && input) {
    TFE_OpSetAttrType(op, "dtype", TF_FLOAT);
    TFE_OpSetAttrBool(op, "init", 0);
    TFE_OpAddInput(op, input, status);
    TFE_Execute(op, &result, &outputs, status);
  }
  if (op) TFE_DeleteOp(op);
  if (input) TFE_DeleteTensorHandle(input);
  TF_DeleteTensor(shape);
  return TF_GetCode(status) == TF_OK ? result : NULL;
}

/* Gives the whole pages of a tensor to the system. Returns the bytes of those that were in memory. */
static size_t GivePages(TFE_TensorHandle *tensor, size_t bytes, TF_Status *status) {
  const size_t page = (size_t)sysconf(_SC_PAGESIZE);
  TF_Tensor *values = TFE_TensorHandleResolve(tensor, status);
  if (!values) return 0;
  const uintptr_t start = (uintptr_t)TF_TensorData(values);
  const uintptr_t first = (start + page - 1) / page * page;
  const size_t length = (start + bytes - first) / page * page;
  unsigned char *held = malloc(length / page);
  size_t pages = 0;
  if (held && mincore((void *)first, length, held) == 0) {
    for (size_t i = 0; i < length / page; i++) pages += held[i] & 1;
    if (pages) madvise((void *)first, length, MADV_DONTNEED);
  }
  free(held);
  TF_DeleteTensor(values);
  return pages * page;
}

/*
 * The allocator gives the smallest room that is large enough, so that memory without pages comes late, and in a row.
 * Where it is new it costs 3 percent of its size in tables: hence small tensors, and an end before the last of them.
 * Where the allocator refuses, near its limit, it waits ten seconds first: it is not asked again.
 */
static double Return(double bytes) {
  static bool refused = false;
  TFE_TensorHandle *taken[MOST];
  int count = 0;
  double returned = 0;
  TF_Status *status = TF_NewStatus();
  TFE_Context *context = refused ? NULL : Context(status);
  for (size_t size = LARGEST; context && !refused && size >= SMALLEST; size -= size / 8) {
    for (int unused = 0; unused < UNUSED && count < MOST && returned < 0.9 * bytes;) {
      TFE_TensorHandle *tensor = Empty(context, size, status);
      refused = !tensor;
      if (refused) break;
      taken[count++] = tensor;
      const size_t given = GivePages(tensor, size, status);
      unused = given == 0 ? unused + 1 : 0;
      returned += given;
    }
  }
  while (count > 0) TFE_DeleteTensorHandle(taken[--count]);
  TF_DeleteStatus(status);
  return returned;
}
#else
static double Return(double bytes) { return 0; }
#endif

static napi_value ReturnMemory(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value argument, result;
  double bytes = 0;
  napi_get_cb_info(env, info, &count, &argument, NULL, NULL);
  napi_get_value_double(env, argument, &bytes);
  napi_create_double(env, Return(bytes), &result);
  return result;
}

NAPI_MODULE_INIT() {
  napi_property_descriptor function = {"returnMemory", NULL, ReturnMemory, NULL, NULL, NULL, napi_default, NULL};
  napi_define_properties(env, exports, 1, &function);
  return exports;
}
