/* A GPU driver without a GPU: the functions of libcuda (or, with FAKE_HIP, of libamdhip64) that launching needs. It keeps
 * device memory on the host, checks what it is given as strictly as the real one or more so, writes every call to a log, and
 * executes launches: device code is a text of tests/hardware/fake/compiler.ts that names a simulator program.
 *
 * Environment: FAKE_GPU_LOG     file that calls are appended to
 *              FAKE_GPU_ARCH    sm_80 (default), gfx90a, ...
 *              FAKE_GPU_DEVICES how many there are (1)
 *              FAKE_GPU_SHARED  shared memory that a block can have (166912)
 *              FAKE_GPU_FAIL    function=status[@n]: its n-th call (from 1; default: every one) fails
 *              FAKE_GPU_JIT_LOG what the driver says when it refuses to compile PTX; refuses if set
 *              FAKE_GPU_FLIP    downloads of more than a guard have one bit in 64 bytes changed; if set
 *              FAKE_GPU_HANG    kernels do not end; if set
 *              FAKE_GPU_SHIFT   bytes by which allocations miss their alignment (0) */
#define _GNU_SOURCE
#include <spawn.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef FAKE_HIP
#define NAME(cuda, hip) hip
#else
#define NAME(cuda, hip) cuda
#endif
#define API(cuda, hip, ...) int NAME(cuda, hip)(__VA_ARGS__)
/* Logs the call and leaves with the status that the environment asks for. */
#define BEGIN(cuda, hip, ...) \
  do { \
    log_call(NAME(#cuda, #hip), __VA_ARGS__); \
    const int injected = injected_status(NAME(#cuda, #hip)); \
    if (injected) return injected; \
  } while (0)

enum { ok = 0, invalid_value = 1, out_of_memory = 2, not_initialized = NAME(3, 3), no_device = 100,
  invalid_device = 101, invalid_image = 200, invalid_context = 201, no_binary = 209, invalid_ptx = 218,
  invalid_handle = 400, not_found = 500, illegal_address = 700, out_of_resources = 701, launch_failed = 719 };

static const struct { int status; const char *cuda, *hip, *text; } errors[] = {
  {1, "CUDA_ERROR_INVALID_VALUE", "hipErrorInvalidValue", "invalid argument"},
  {2, "CUDA_ERROR_OUT_OF_MEMORY", "hipErrorOutOfMemory", "out of memory"},
  {3, "CUDA_ERROR_NOT_INITIALIZED", "hipErrorNotInitialized", "initialization error"},
  {100, "CUDA_ERROR_NO_DEVICE", "hipErrorNoDevice", "no GPU is detected"},
  {101, "CUDA_ERROR_INVALID_DEVICE", "hipErrorInvalidDevice", "invalid device ordinal"},
  {200, "CUDA_ERROR_INVALID_IMAGE", "hipErrorInvalidImage", "device kernel image is invalid"},
  {201, "CUDA_ERROR_INVALID_CONTEXT", "hipErrorInvalidContext", "invalid device context"},
  {209, "CUDA_ERROR_NO_BINARY_FOR_GPU", "hipErrorNoBinaryForGpu", "no kernel image is available"},
  {218, "CUDA_ERROR_INVALID_PTX", "hipErrorInvalidKernelFile", "PTX compilation failed"},
  {400, "CUDA_ERROR_INVALID_HANDLE", "hipErrorInvalidHandle", "invalid resource handle"},
  {500, "CUDA_ERROR_NOT_FOUND", "hipErrorNotFound", "named symbol not found"},
  {600, "CUDA_ERROR_NOT_READY", "hipErrorNotReady", "device not ready"},
  {700, "CUDA_ERROR_ILLEGAL_ADDRESS", "hipErrorIllegalAddress", "an illegal memory access was encountered"},
  {701, "CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES", "hipErrorLaunchOutOfResources", "too many resources requested"},
  {719, "CUDA_ERROR_LAUNCH_FAILED", "hipErrorLaunchFailure", "unspecified launch failure"},
};

typedef struct { uint8_t *base; size_t bytes; } Allocation;
typedef struct { char type[16], access[16], name[64]; int is_pointer, bytes; } Parameter;
typedef struct {
  char name[128], entry[160];
  int threads, count, allowed_shared;
  const char *program, *library;
  Parameter parameters[32];
} Kernel;
typedef struct { char program[1024], library[1024], arch[32], form[16]; int count; Kernel kernels[16]; } Module;

static Allocation allocations[4096];
static int allocation_count, is_initialized, has_context, sticky;
/* Seconds since the start on the device's clock: every launch takes 10 us and what its number adds. */
static double device_clock;
static long launch_count;

static const char *setting(const char *name, const char *otherwise) {
  const char *value = getenv(name);
  return value && *value ? value : otherwise;
}

static void log_call(const char *name, const char *format, ...) {
  const char *path = getenv("FAKE_GPU_LOG");
  if (!path || !*path) return;
  FILE *file = fopen(path, "a");
  if (!file) return;
  fprintf(file, "%s ", name);
  va_list arguments;
  va_start(arguments, format);
  vfprintf(file, format, arguments);
  va_end(arguments);
  fputc('\n', file);
  fclose(file);
}

static int injected_status(const char *name) {
  static int calls;
  const char *fault = setting("FAKE_GPU_FAIL", "");
  const size_t length = strlen(name);
  if (strncmp(fault, name, length) != 0 || fault[length] != '=') return ok;
  const char *which = strchr(fault, '@');
  ++calls;
  return which && atoi(which + 1) != calls ? ok : atoi(fault + length + 1);
}

static Allocation *find(uint64_t pointer, size_t bytes) {
  for (int i = 0; i < allocation_count; ++i) {
    const uint64_t base = (uint64_t)allocations[i].base;
    if (pointer >= base && pointer + bytes <= base + allocations[i].bytes) return &allocations[i];
  }
  return NULL;
}

static int ready(void) {
  if (!is_initialized) return not_initialized;
  if (!has_context) return invalid_context;
  return sticky;
}

API(cuInit, hipInit, unsigned flags) {
  BEGIN(cuInit, hipInit, "%u", flags);
  if (atoi(setting("FAKE_GPU_DEVICES", "1")) == 0) return no_device;
  is_initialized = 1;
  return flags == 0 ? ok : invalid_value;
}

API(cuDriverGetVersion, hipDriverGetVersion, int *version) {
  BEGIN(cuDriverGetVersion, hipDriverGetVersion, "");
  *version = NAME(13000, 50221153);
  return ok;
}

API(cuDeviceGetCount, hipGetDeviceCount, int *count) {
  BEGIN(cuDeviceGetCount, hipGetDeviceCount, "");
  *count = atoi(setting("FAKE_GPU_DEVICES", "1"));
  return is_initialized ? ok : not_initialized;
}

API(cuDeviceGet, hipDeviceGet, int *device, int ordinal) {
  BEGIN(cuDeviceGet, hipDeviceGet, "%d", ordinal);
  if (ordinal < 0 || ordinal >= atoi(setting("FAKE_GPU_DEVICES", "1"))) return invalid_device;
  *device = ordinal;
  return ok;
}

API(cuDeviceGetName, hipDeviceGetName, char *name, int length, int device) {
  BEGIN(cuDeviceGetName, hipDeviceGetName, "%d", device);
  snprintf(name, (size_t)length, "Imaginary %d", device);
  return ok;
}

API(cuDeviceTotalMem_v2, hipDeviceTotalMem, size_t *bytes, int device) {
  BEGIN(cuDeviceTotalMem_v2, hipDeviceTotalMem, "%d", device);
  *bytes = (size_t)80 << 30;
  return ok;
}

API(cuDeviceGetAttribute, hipDeviceGetAttribute, int *value, int attribute, int device) {
  BEGIN(cuDeviceGetAttribute, hipDeviceGetAttribute, "%d %d", attribute, device);
  const int arch = atoi(setting("FAKE_GPU_ARCH", "sm_80") + 3);
  if (attribute == NAME(75, -1)) *value = arch / 10;
  else if (attribute == NAME(76, -1)) *value = arch % 10;
  else if (attribute == NAME(16, 63)) *value = 108;
  else if (attribute == NAME(38, 19)) *value = 1 << 20;
  else if (attribute == NAME(13, 5)) *value = 1410000;
  else if (attribute == NAME(97, 74)) *value = atoi(setting("FAKE_GPU_SHARED", NAME("166912", "65536")));
  else return invalid_value;
  return ok;
}

#ifdef FAKE_HIP
int hipGetDeviceProperties(char *properties, int device) {
  BEGIN(, hipGetDeviceProperties, "%d", device);
  memset(properties, 0, 792);
  strcpy(properties, "Imaginary");
  snprintf(properties + 396, 256, "%s:sramecc+:xnack-", setting("FAKE_GPU_ARCH", "gfx90a"));
  return ok;
}
int hipSetDevice(int device) {
  BEGIN(, hipSetDevice, "%d", device);
  has_context = 1;
  return ok;
}
const char *hipGetErrorName(int status) {
  for (size_t i = 0; i < sizeof errors / sizeof *errors; ++i) if (errors[i].status == status) return errors[i].hip;
  return "hipErrorUnknown";
}
const char *hipGetErrorString(int status) {
  for (size_t i = 0; i < sizeof errors / sizeof *errors; ++i) if (errors[i].status == status) return errors[i].text;
  return "unknown error";
}
#else
int cuDevicePrimaryCtxRetain(uint64_t *context, int device) {
  BEGIN(cuDevicePrimaryCtxRetain, , "%d", device);
  *context = 0xc0;
  return is_initialized ? ok : not_initialized;
}
int cuCtxSetCurrent(uint64_t context) {
  BEGIN(cuCtxSetCurrent, , "%llx", (unsigned long long)context);
  has_context = context == 0xc0;
  return has_context ? ok : invalid_context;
}
int cuDevicePrimaryCtxRelease_v2(int device) {
  BEGIN(cuDevicePrimaryCtxRelease_v2, , "%d", device);
  return ok;
}
int cuGetErrorName(int status, const char **text) {
  for (size_t i = 0; i < sizeof errors / sizeof *errors; ++i) {
    if (errors[i].status == status) return *text = errors[i].cuda, ok;
  }
  return *text = NULL, invalid_value;
}
int cuGetErrorString(int status, const char **text) {
  for (size_t i = 0; i < sizeof errors / sizeof *errors; ++i) {
    if (errors[i].status == status) return *text = errors[i].text, ok;
  }
  return *text = NULL, invalid_value;
}
#endif

API(cuCtxSynchronize, hipDeviceSynchronize, void) {
  BEGIN(cuCtxSynchronize, hipDeviceSynchronize, "");
  return ready();
}

API(cuMemAlloc_v2, hipMalloc, uint64_t *pointer, size_t bytes) {
  BEGIN(cuMemAlloc_v2, hipMalloc, "%zu", bytes);
  if (ready()) return ready();
  if (bytes == 0 || allocation_count == 4096) return invalid_value;
  const size_t shift = (size_t)atoi(setting("FAKE_GPU_SHIFT", "0"));
  uint8_t *memory = aligned_alloc(256, (bytes + shift + 255) / 256 * 256);
  if (!memory) return out_of_memory;
  allocations[allocation_count++] = (Allocation){memory + shift, bytes};
  *pointer = (uint64_t)(memory + shift);
  return ok;
}

API(cuMemFree_v2, hipFree, uint64_t pointer) {
  for (int i = 0; i < allocation_count; ++i) {
    if ((uint64_t)allocations[i].base != pointer) continue;
    allocations[i] = allocations[--allocation_count];
    BEGIN(cuMemFree_v2, hipFree, "live=%d", allocation_count);
    return sticky;
  }
  return invalid_value;
}

API(cuMemcpyHtoD_v2, hipMemcpyHtoD, uint64_t destination, const void *source, size_t bytes) {
  BEGIN(cuMemcpyHtoD_v2, hipMemcpyHtoD, "%zu", bytes);
  if (ready()) return ready();
  if (!find(destination, bytes)) return invalid_value;
  memcpy((void *)destination, source, bytes);
  return ok;
}

API(cuMemcpyDtoH_v2, hipMemcpyDtoH, void *destination, uint64_t source, size_t bytes) {
  BEGIN(cuMemcpyDtoH_v2, hipMemcpyDtoH, "%zu", bytes);
  if (ready()) return ready();
  if (!find(source, bytes)) return invalid_value;
  memcpy(destination, (const void *)source, bytes);
  if (getenv("FAKE_GPU_FLIP") && bytes > 4096) {
    for (size_t i = 2; i < bytes; i += 64) ((uint8_t *)destination)[i] ^= 0x40;
  }
  return ok;
}

API(cuMemsetD8_v2, hipMemsetD8, uint64_t pointer, unsigned char value, size_t bytes) {
  BEGIN(cuMemsetD8_v2, hipMemsetD8, "%u %zu", value, bytes);
  if (ready()) return ready();
  if (!find(pointer, bytes)) return invalid_value;
  memset((void *)pointer, value, bytes);
  device_clock += (double)bytes / 2e12;
  return ok;
}

/* The lines of fake device code: see compiler.ts. */
static int parse(const char *image, Module *module) {
  Kernel *kernel = NULL;
  for (const char *line = image; *line;) {
    const char *end = strchrnul(line, '\n');
    char text[2400];
    snprintf(text, sizeof text, "%.*s", (int)(end - line), line);
    Parameter parameter = {0};
    if (sscanf(text, "program %1023s %1023s", module->program, module->library) == 2) {}
    else if (sscanf(text, "code %15s %31s", module->form, module->arch) == 2) {}
    else if (strncmp(text, "kernel ", 7) == 0) {
      kernel = &module->kernels[module->count++];
      if (sscanf(text, "kernel %127s %159s %d", kernel->name, kernel->entry, &kernel->threads) != 3) return 0;
      kernel->program = module->program;
      kernel->library = module->library;
      kernel->allowed_shared = 48 * 1024;
    } else if (kernel && sscanf(text, "parameter %15s %15s %d %63s", parameter.type, parameter.access, &parameter.bytes,
                   parameter.name) == 4) {
      parameter.is_pointer = strcmp(parameter.access, "value") != 0;
      kernel->parameters[kernel->count++] = parameter;
    }
    line = *end ? end + 1 : end;
  }
  return module->count > 0;
}

static int major_of(const char *arch) { return atoi(arch + 3) / 10; }

API(cuModuleLoadDataEx, hipModuleLoadDataEx, uint64_t *result, const void *image, unsigned count, const int *options,
    void **values) {
  BEGIN(cuModuleLoadDataEx, hipModuleLoadDataEx, "%u", count);
  if (ready()) return ready();
  if (strncmp(image, "fake device code\n", 17) != 0) return invalid_image;
  Module *module = calloc(1, sizeof *module);
  if (!parse(image, module)) return invalid_image;
  const char *device = setting("FAKE_GPU_ARCH", NAME("sm_80", "gfx90a"));
  const int is_newer = atoi(device + 3) < atoi(module->arch + 3);
  if (strcmp(module->form, "object") == 0 && strcmp(device, module->arch) != 0) return no_binary;
  if (strcmp(module->form, "cubin") == 0 && (is_newer || major_of(device) != major_of(module->arch))) return no_binary;
  if (strcmp(module->form, "ptx") == 0 && is_newer) return invalid_ptx;
  const char *log = setting("FAKE_GPU_JIT_LOG", "");
  for (unsigned i = 0; i < count && *log; ++i) {
    const int has_size = i + 1 < count && options[i] == 5 && options[i + 1] == 6;
    if (has_size) snprintf(values[i], (size_t)values[i + 1], "%s", log);
  }
  if (*log) return invalid_ptx;
  *result = (uint64_t)module;
  return ok;
}

API(cuModuleUnload, hipModuleUnload, uint64_t module) {
  BEGIN(cuModuleUnload, hipModuleUnload, "");
  free((void *)module);
  return ok;
}

API(cuModuleGetFunction, hipModuleGetFunction, uint64_t *result, uint64_t handle, const char *name) {
  BEGIN(cuModuleGetFunction, hipModuleGetFunction, "%s", name);
  Module *module = (Module *)handle;
  for (int i = 0; i < module->count; ++i) {
    if (strcmp(module->kernels[i].name, name) == 0) return *result = (uint64_t)&module->kernels[i], ok;
  }
  return not_found;
}

API(cuFuncGetAttribute, hipFuncGetAttribute, int *value, int attribute, uint64_t kernel) {
  BEGIN(cuFuncGetAttribute, hipFuncGetAttribute, "%d", attribute);
  *value = attribute == 4 ? 96 : attribute == 3 ? 0 : -1;
  return kernel ? ok : invalid_handle;
}

int cuFuncSetAttribute(uint64_t kernel, int attribute, int value) {
  BEGIN(cuFuncSetAttribute, , "%d %d", attribute, value);
  if (attribute != 8 || value > atoi(setting("FAKE_GPU_SHARED", "166912"))) return invalid_value;
  ((Kernel *)kernel)->allowed_shared = value;
  return ok;
}

static void write_scalar(FILE *request, uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) fprintf(request, "%02x", (unsigned)(value >> (8 * i)) & 255);
}


/* Runs the simulator on the device's memory: a buffer reaches from the pointer to the end of its allocation. */
static int execute(const Kernel *kernel, const unsigned sizes[7], void **values) {
  FILE *request = tmpfile();
  FILE *answer = tmpfile();
  if (!request || !answer) return launch_failed;
  fprintf(request, "entry %s\nseed 1\nschedules 1\nmax-reports 3\nmax-seconds 60\nshared-limit 232448\n", kernel->entry);
  Allocation buffers[32] = {{0}};
  int status = ok;
  for (int i = 0; i < kernel->count; ++i) {
    const Parameter *parameter = &kernel->parameters[i];
    uint64_t value = 0;
    memcpy(&value, values[i], (size_t)parameter->bytes);
    if (!parameter->is_pointer) {
      fputs("scalar ", request);
      write_scalar(request, value, parameter->bytes);
      fprintf(request, " %s\n", parameter->name);
      continue;
    }
    const Allocation *owner = find(value, 1);
    if (!owner) { status = illegal_address; break; }
    buffers[i] = (Allocation){(uint8_t *)value, (size_t)(owner->base + owner->bytes - (uint8_t *)value)};
    fprintf(request, "buffer 1 %zu %s %s %s\n", buffers[i].bytes, parameter->access, parameter->type, parameter->name);
  }
  for (int i = 0; i < 7; ++i) {
    fputs("scalar ", request);
    write_scalar(request, sizes[i], 4);
    fprintf(request, " size%d\n", i);
  }
  fputc('\n', request);
  for (int i = 0; i < kernel->count; ++i) {
    if (strcmp(kernel->parameters[i].access, "write") != 0) fwrite(buffers[i].base, 1, buffers[i].bytes, request);
  }
  fflush(request);
  rewind(request);
  if (status == ok) {
    extern char **environ;
    pid_t child;
    int ended = -1;
    char *arguments[] = {(char *)kernel->program, (char *)kernel->library, NULL};
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, fileno(request), 0);
    posix_spawn_file_actions_adddup2(&files, fileno(answer), 3);
    if (posix_spawn(&child, kernel->program, &files, NULL, arguments, environ) == 0) waitpid(child, &ended, 0);
    posix_spawn_file_actions_destroy(&files);
    rewind(answer);
    char report[4096] = "";
    size_t length = 0;
    for (int byte; (byte = fgetc(answer)) > 0;) {
      if (length < sizeof report - 1) report[length++] = (char)byte;
    }
    if (ended != 0 || strstr(report, "\"result\":0,") == NULL || strstr(report, "\"kind\"") != NULL) {
      log_call("simulator", "%.600s", report);
      status = launch_failed;
    }
    for (int i = 0; i < kernel->count; ++i) {
      if (buffers[i].base && strcmp(kernel->parameters[i].access, "read") != 0 &&
          fread(buffers[i].base, 1, buffers[i].bytes, answer) != buffers[i].bytes) status = launch_failed;
    }
  }
  fclose(request);
  fclose(answer);
  return status;
}

API(cuLaunchKernel, hipModuleLaunchKernel, uint64_t function, unsigned gx, unsigned gy, unsigned gz, unsigned x, unsigned y,
    unsigned z, unsigned shared, uint64_t stream, void **values, void **extra) {
  const Kernel *kernel = (const Kernel *)function;
  BEGIN(cuLaunchKernel, hipModuleLaunchKernel, "%s grid %u %u %u block %u %u %u shared %u stream %llu", kernel->name, gx,
        gy, gz, x, y, z, shared, (unsigned long long)stream);
  if (ready()) return ready();
  if (extra || (kernel->count > 0 && !values) || gx == 0 || gy == 0 || gz == 0) return invalid_value;
  if ((int)(x * y * z) > kernel->threads) return out_of_resources;
#ifndef FAKE_HIP
  if ((int)shared > kernel->allowed_shared) return invalid_value;
#endif
  const unsigned sizes[] = {gx, gy, gz, x, y, z, shared};
  sticky = execute(kernel, sizes, values);
  device_clock += 1e-6 * (double)(10 + launch_count++ % 5);
  return ok;
}

API(cuEventCreate, hipEventCreateWithFlags, double **event, unsigned flags) {
  BEGIN(cuEventCreate, hipEventCreateWithFlags, "%u", flags);
  *event = calloc(1, sizeof **event);
  return ok;
}
API(cuEventRecord, hipEventRecord, double *event, uint64_t stream) {
  BEGIN(cuEventRecord, hipEventRecord, "%llu", (unsigned long long)stream);
  *event = device_clock;
  return ready();
}
API(cuEventQuery, hipEventQuery, double *event) {
  BEGIN(cuEventQuery, hipEventQuery, "");
  return getenv("FAKE_GPU_HANG") ? 600 : event ? ready() : invalid_handle;
}
API(cuEventSynchronize, hipEventSynchronize, double *event) {
  BEGIN(cuEventSynchronize, hipEventSynchronize, "");
  return event ? ready() : invalid_handle;
}
API(cuEventElapsedTime, hipEventElapsedTime, float *milliseconds, const double *start, const double *end) {
  BEGIN(cuEventElapsedTime, hipEventElapsedTime, "");
  *milliseconds = (float)((*end - *start) * 1e3);
  return ok;
}
API(cuEventDestroy_v2, hipEventDestroy, double *event) {
  BEGIN(cuEventDestroy_v2, hipEventDestroy, "");
  free(event);
  return ok;
}
