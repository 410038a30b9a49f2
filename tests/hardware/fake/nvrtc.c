/* NVRTC over the compiler of compiler.ts: checks what it is given, writes the text to a file and calls that compiler.
 * Environment: FAKE_NVRTC_COMPILER  the compiler, FAKE_NVRTC_ARCH  the one architecture that is known beside 75 (80). */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ok = 0, invalid_input = 3, invalid_option = 5, compilation = 6 };

typedef struct { char *text, folder[64], log[4096], *code; size_t bytes; } Program;

static char *read_all(const char *path, size_t *bytes) {
  FILE *file = fopen(path, "r");
  if (!file) return NULL;
  char *result = calloc(1, 1 << 20);
  *bytes = fread(result, 1, (1 << 20) - 1, file);
  fclose(file);
  return result;
}

int nvrtcCreateProgram(Program **program, const char *text, const char *name, int headers, const char *const *contents,
    const char *const *names) {
  if (strcmp(name, "kernel.cu") != 0 || headers != 1 || strcmp(names[0], "stdint.h") != 0) return invalid_input;
  if (!strstr(contents[0], "typedef unsigned int uint32_t;")) return invalid_input;
  *program = calloc(1, sizeof **program);
  (*program)->text = strdup(text);
  strcpy((*program)->folder, "/tmp/fake-nvrtc-XXXXXX");
  return mkdtemp((*program)->folder) ? ok : invalid_input;
}

int nvrtcCompileProgram(Program *program, int count, const char *const *options) {
  const char *arch = NULL;
  int includes = 0;
  for (int i = 0; i < count; ++i) {
    if (strncmp(options[i], "--gpu-architecture=", 19) == 0) arch = options[i] + 19;
    else if (strncmp(options[i], "--include-path=", 15) == 0) ++includes;
    else if (strcmp(options[i], "--std=c++17") != 0) return invalid_option;
  }
  if (!arch || includes == 0) return invalid_option;
  char source[128], output[128], errors[128], command[1024];
  snprintf(source, sizeof source, "%s/kernel.cu", program->folder);
  snprintf(output, sizeof output, "%s/kernel.out", program->folder);
  snprintf(errors, sizeof errors, "%s/errors", program->folder);
  FILE *file = fopen(source, "w");
  fputs(program->text, file);
  fclose(file);
  const char *form = strncmp(arch, "sm_", 3) == 0 ? "-cubin" : "-ptx";
  snprintf(command, sizeof command, "'%s' -arch=%s %s -o %s %s 2>%s", getenv("FAKE_NVRTC_COMPILER"), arch, form, output,
           source, errors);
  const int status = system(command);
  size_t length;
  char *log = read_all(errors, &length);
  snprintf(program->log, sizeof program->log, "%s", log ? log : "");
  program->code = status == 0 ? read_all(output, &program->bytes) : NULL;
  unlink(source), unlink(output), unlink(errors), rmdir(program->folder);
  return program->code ? ok : compilation;
}

int nvrtcGetProgramLogSize(Program *program, size_t *bytes) { return *bytes = strlen(program->log) + 1, ok; }
int nvrtcGetProgramLog(Program *program, char *log) { return strcpy(log, program->log), ok; }
int nvrtcGetCUBINSize(Program *program, size_t *bytes) { return *bytes = program->bytes, ok; }
int nvrtcGetCUBIN(Program *program, char *code) { return memcpy(code, program->code, program->bytes), ok; }
int nvrtcGetPTXSize(Program *program, size_t *bytes) { return *bytes = program->bytes + 1, ok; }
int nvrtcGetPTX(Program *program, char *code) { return memcpy(code, program->code, program->bytes + 1), ok; }

int nvrtcGetNumSupportedArchs(int *count) { return *count = 2, ok; }
int nvrtcGetSupportedArchs(int *archs) {
  const char *known = getenv("FAKE_NVRTC_ARCH");
  archs[0] = 75;
  archs[1] = known ? atoi(known) : 80;
  return ok;
}
