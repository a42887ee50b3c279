/*
 * Loading TensorFlow writes lines to file descriptor 2 before any setting can stop it. JavaScript can neither
 * redirect a descriptor nor open a plain library, so these three functions do.
 *   beginCapture(): what is written to descriptor 2 goes to a temporary file.
 *   endCapture(): descriptor 2 is as before; returns what was written meanwhile.
 *   openLibrary(path): loads a library for those that later ask for it by name; returns null, or why it failed.
 */
#include <dlfcn.h>
#include <node_api.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static FILE *sink = NULL;
static int saved = -1;

static napi_value BeginCapture(napi_env env, napi_callback_info info) {
  if (sink != NULL) return NULL;
  sink = tmpfile();
  if (sink == NULL) return NULL;
  fflush(stderr);
  saved = dup(2);
  dup2(fileno(sink), 2);
  return NULL;
}

static napi_value EndCapture(napi_env env, napi_callback_info info) {
  napi_value text;
  if (sink == NULL) {
    napi_create_string_utf8(env, "", 0, &text);
    return text;
  }
  fflush(stderr);
  dup2(saved, 2);
  close(saved);
  fseek(sink, 0, SEEK_END);
  long size = ftell(sink);
  rewind(sink);
  char *buffer = malloc(size > 0 ? size : 1);
  size_t got = buffer != NULL && size > 0 ? fread(buffer, 1, size, sink) : 0;
  napi_create_string_utf8(env, buffer, got, &text);
  free(buffer);
  fclose(sink);
  sink = NULL;
  return text;
}

static napi_value OpenLibrary(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value path_value, result;
  char path[4096];
  size_t length;
  napi_get_cb_info(env, info, &count, &path_value, NULL, NULL);
  if (count < 1 || napi_get_value_string_utf8(env, path_value, path, sizeof path, &length) != napi_ok) {
    napi_throw_type_error(env, NULL, "openLibrary takes a path");
    return NULL;
  }
  if (dlopen(path, RTLD_NOW | RTLD_LOCAL) != NULL) {
    napi_get_null(env, &result);
  } else {
    napi_create_string_utf8(env, dlerror(), NAPI_AUTO_LENGTH, &result);
  }
  return result;
}

NAPI_MODULE_INIT() {
  napi_property_descriptor functions[] = {
      {"beginCapture", NULL, BeginCapture, NULL, NULL, NULL, napi_default, NULL},
      {"endCapture", NULL, EndCapture, NULL, NULL, NULL, napi_default, NULL},
      {"openLibrary", NULL, OpenLibrary, NULL, NULL, NULL, napi_default, NULL},
  };
  napi_define_properties(env, exports, sizeof functions / sizeof functions[0], functions);
  return exports;
}
