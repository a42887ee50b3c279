/*
 * oneDNN's matrix multiplication for AVX (jit_avx_gemm_f32) keeps values below the stack pointer, farther down than the
 * system spares when it puts the frame of a signal handler there: a signal (a child process has ended, a profiler takes a
 * sample) in the middle of a convolution overwrites them, and the memory of the process is destroyed.
 *   holdSignals(): the calling thread, and those that it starts from now on, take no signals but those of their own
 *   faults. The other threads of Node take them, and hand them to its event loop as ever.
 */
#include <node_api.h>
#include <pthread.h>
#include <signal.h>

static napi_value HoldSignals(napi_env env, napi_callback_info info) {
  const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT, SIGSYS};
  sigset_t held;
  sigfillset(&held);
  for (unsigned i = 0; i < sizeof faults / sizeof *faults; i++) sigdelset(&held, faults[i]);
  pthread_sigmask(SIG_BLOCK, &held, NULL);
  return NULL;
}

NAPI_MODULE_INIT() {
  napi_property_descriptor functions[] = {
      {"holdSignals", NULL, HoldSignals, NULL, NULL, NULL, napi_default, NULL},
  };
  napi_define_properties(env, exports, sizeof functions / sizeof functions[0], functions);
  return exports;
}
