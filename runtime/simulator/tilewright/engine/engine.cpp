// The simulator's engine: compiled once, loads the library of a kernel. Reads a request from standard input, runs the launcher under
// one or more schedules, and writes the answer, a report and the outputs, to file descriptor 3. Usage: engine <library of the kernel>;
// without the library where the kernel is linked to it.
#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <sys/time.h>
#include <unistd.h>

#include "tilewright/engine/operations.h"
#include "tilewright/engine/bulk_copy.h"
#include "tilewright/engine/warpgroup.h"

namespace tilewright::simulator {

struct EntryPoint {
  const char* name;
  const Parameter* parameters;
  int count;
  int (*call)(void**);
};

struct Argument {
  /// Slot of the buffer, or 0 for a scalar.
  u32 slot = 0;
  std::string name;
  std::string access;
  std::vector<u8> initial;
  u64 value[2] = {};
  unsigned bytes = 0;
};

struct Request {
  std::string entry;
  u64 seed = 1;
  u32 schedules = 1;
  std::vector<Argument> arguments;
};

namespace engine {

std::vector<EntryPoint>& entries() {
  static std::vector<EntryPoint> list;
  return list;
}

Request request;
int launcher_result = 0;
double run_seconds = 0;
u32 schedules_run = 0;
timeval started;
/// What the first schedule counted, once it has ended.
std::vector<SiteEntry> counted;
Profile counted_profile;

[[noreturn]] void refuse(const std::string& message) {
  fprintf(stderr, "%s\n", message.c_str());
  exit(3);
}

/// All of standard input.
std::vector<u8> read_input() {
  std::vector<u8> bytes(1 << 16);
  size_t size = 0;
  for (;;) {
    const ssize_t count = read(0, bytes.data() + size, bytes.size() - size);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) refuse(std::string("cannot read the request: ") + strerror(errno));
    if (count == 0) break;
    size += static_cast<size_t>(count);
    if (size == bytes.size()) bytes.resize(2 * size);
  }
  bytes.resize(size);
  return bytes;
}

/// Marks the elements that a tensor has, given as in a `place` line.
void place_elements(Buffer& buffer, const std::string& text) {
  std::vector<u64> numbers;
  const char* rest = text.c_str();
  do {
    char* end;
    numbers.push_back(strtoull(rest, &end, 10));
    if (end == rest) refuse("malformed place: " + text);
    rest = end;
  } while (*rest);
  buffer.has_element.assign(buffer.size / buffer.element_bytes, false);
  std::vector<u64> places = {numbers[0]};
  for (size_t i = 1; i + 1 < numbers.size(); i += 2) {
    std::vector<u64> more;
    for (const u64 place : places) {
      for (u64 index = 0; index < numbers[i]; ++index) more.push_back(place + index * numbers[i + 1]);
    }
    places = more;
  }
  for (const u64 place : places) {
    if (place >= buffer.has_element.size()) refuse("an element of '" + buffer.name + "' lies outside of its buffer");
    buffer.has_element[place] = true;
  }
}

/// One line per setting: `key value`. `buffer` lines: element bytes, total bytes, access, type, name. `place` lines, of the buffer before:
/// offset, then extent and stride of each dimension, in elements. `scalar` lines: bytes as hexadecimal digits in memory order, name.
/// Arguments come in the launcher's order. An empty line ends the settings; after it come the initial contents of the buffers that are
/// not only written, one after the other.
void read_request() {
  const std::vector<u8> bytes = read_input();
  const u8* at = bytes.data();
  const u8* const end = at + bytes.size();
  for (;;) {
    const u8* const end_of_line = std::find(at, end, '\n');
    if (end_of_line == end) refuse("the request has no empty line");
    const std::string line(at, end_of_line);
    at = end_of_line + 1;
    if (line.empty()) break;
    const size_t space = line.find(' ');
    if (space == std::string::npos) refuse("malformed request line: " + line);
    const std::string key = line.substr(0, space);
    const std::string value = line.substr(space + 1);
    const u64 number = strtoull(value.c_str(), nullptr, 10);
    if (key == "entry") request.entry = value;
    else if (key == "seed") request.seed = number;
    else if (key == "schedules") request.schedules = static_cast<u32>(number);
    else if (key == "max-reports") reporter.limit = static_cast<unsigned>(number);
    else if (key == "max-steps") scheduler.limits.steps = number;
    else if (key == "max-seconds") scheduler.limits.seconds = static_cast<u32>(number);
    else if (key == "shared-limit") scheduler.limits.shared_bytes = static_cast<u32>(number);
    else if (key == "profile") profile.enabled = number != 0;
    else if (key == "races") race_detection = number != 0;
    else if (key == "trace") trace.enabled = number != 0;
    else if (key == "shared-tile") {
      long long offset, size;
      int name = 0;
      if (sscanf(value.c_str(), "%lld %lld %n", &offset, &size, &name) != 2) refuse("malformed request line: " + line);
      shared_tiles.push_back({value.substr(static_cast<size_t>(name)), offset, size});
    } else if (key == "buffer") {
      char access[16], type[32];
      unsigned long long element, size;
      int name = 0;
      if (sscanf(value.c_str(), "%llu %llu %15s %31s %n", &element, &size, access, type, &name) != 4) {
        refuse("malformed request line: " + line);
      }
      Argument argument;
      argument.slot = static_cast<u32>(buffers.size());
      argument.name = value.substr(static_cast<size_t>(name));
      argument.access = access;
      argument.bytes = sizeof(void*);
      Buffer buffer;
      buffer.name = argument.name;
      buffer.type = type;
      buffer.size = size;
      buffer.element_bytes = static_cast<unsigned>(element);
      place_buffer(buffer, argument.slot);
      if (argument.access == "write") buffer.state = allocate_zeroed<u8>(size);
      buffers.push_back(buffer);
      request.arguments.push_back(argument);
    } else if (key == "place") {
      place_elements(buffers.back(), value);
    } else if (key == "scalar") {
      Argument argument;
      const size_t name = value.find(' ');
      argument.name = name == std::string::npos ? "" : value.substr(name + 1);
      const std::string digits = value.substr(0, name);
      argument.bytes = static_cast<unsigned>(digits.size() / 2);
      if (argument.bytes > sizeof argument.value) refuse("scalar of more than 16 bytes: " + line);
      for (unsigned i = 0; i < argument.bytes; ++i) {
        reinterpret_cast<u8*>(argument.value)[i] = static_cast<u8>(strtoul(digits.substr(2 * i, 2).c_str(),
            nullptr, 16));
      }
      request.arguments.push_back(argument);
    } else refuse("unknown request line: " + line);
  }
  for (Argument& argument : request.arguments) {
    if (argument.slot == 0 || argument.access == "write") continue;
    const size_t size = buffers[argument.slot].size;
    if (static_cast<size_t>(end - at) < size) refuse("the request ends before the contents of '" + argument.name + "'");
    argument.initial.assign(at, at + size);
    at += size;
  }
}

/// Checks the arguments against the launcher's parameters and decides which buffers may be written.
const EntryPoint& find_entry() {
  const EntryPoint* found = nullptr;
  std::string known;
  for (const EntryPoint& entry : entries()) {
    known += std::string(known.empty() ? "" : ", ") + "'" + entry.name + "'";
    if (request.entry == entry.name) found = &entry;
  }
  if (!found) refuse("no entry '" + request.entry + "': the text has " + (known.empty() ? "none" : known));
  if (static_cast<size_t>(found->count) != request.arguments.size()) {
    refuse(format_text("'%s' takes %d arguments, found %zu", found->name, found->count, request.arguments.size()));
  }
  for (int i = 0; i < found->count; ++i) {
    const Parameter& parameter = found->parameters[i];
    Argument& argument = request.arguments[static_cast<size_t>(i)];
    if (parameter.is_pointer != (argument.slot != 0)) {
      refuse(format_text("argument %d ('%s') of '%s': expected a %s", i, argument.name.c_str(), found->name,
          parameter.is_pointer ? "buffer" : "scalar"));
    }
    if (!parameter.is_pointer && parameter.bytes != argument.bytes) {
      refuse(format_text("argument %d ('%s') of '%s': expected %u bytes, found %u", i, argument.name.c_str(),
          found->name, parameter.bytes, argument.bytes));
    }
    if (!parameter.is_pointer) continue;
    Buffer& buffer = buffers[argument.slot];
    buffer.writable = argument.access != "read" && !parameter.is_const;
    if (buffer.writable && !buffer.history) buffer.history.cover(buffer.size, buffer.element_bytes);
    argument.value[0] = buffer.base;
  }
  return *found;
}

void reset_buffers() {
  for (const Argument& argument : request.arguments) {
    if (argument.slot == 0) continue;
    Buffer& buffer = buffers[argument.slot];
    void* memory = reinterpret_cast<void*>(buffer.base);
    if (argument.access == "write") {
      memset(memory, 0xdb, buffer.size);
      memset(buffer.state, undefined, buffer.size);
    } else {
      memcpy(memory, argument.initial.data(), std::min<u64>(buffer.size, argument.initial.size()));
    }
  }
}

void report_unwritten() {
  for (const Argument& argument : request.arguments) {
    if (argument.access != "write") continue;
    const Buffer& buffer = buffers[argument.slot];
    u64 missing = 0;
    u64 first = 0;
    u64 count = 0;
    for (u64 element = 0; element < buffer.size / buffer.element_bytes; ++element) {
      if (!buffer.has_element.empty() && !buffer.has_element[element]) continue;
      ++count;
      const u8* state = buffer.state + element * buffer.element_bytes;
      bool whole = true;
      for (unsigned i = 0; i < buffer.element_bytes; ++i) whole &= state[i] == defined;
      if (whole) continue;
      if (missing++ == 0) first = element;
    }
    if (missing > 0) {
      report("unwritten-output", {nullptr, 0}, buffer.name,
             format_text("%llu of %llu elements of '%s' were never written, the first at %llu", printable(missing),
                         printable(count), buffer.name.c_str(), printable(first)));
    }
  }
}

/// Whatever the order of threads and blocks, the result must be the same to the last bit, unless floats are summed atomically.
void compare_with_first(std::vector<std::vector<u8>>& first) {
  for (size_t i = 0; i < request.arguments.size(); ++i) {
    const Argument& argument = request.arguments[i];
    if (argument.slot == 0 || argument.access == "read") continue;
    const Buffer& buffer = buffers[argument.slot];
    const u8* bytes = reinterpret_cast<const u8*>(buffer.base);
    if (first[i].empty()) {
      first[i].assign(bytes, bytes + buffer.size);
      continue;
    }
    if (float_atomics_used) continue;
    for (u64 at = 0; at < buffer.size; ++at) {
      if (bytes[at] == first[i][at]) continue;
      report("schedule-dependent", {nullptr, 0}, buffer.name,
             format_text("%s differs between two schedules", place_in(buffer, static_cast<i64>(at)).c_str()));
      break;
    }
  }
}

void write_profile(FILE* file) {
  const bool ended = schedules_run > 0;
  const Profile& totals = ended ? counted_profile : profile;
  fprintf(file, "\"launches\":%llu,\"blocks\":%llu,\"barriers\":%llu,\"lines\":[", printable(totals.launches),
          printable(totals.blocks), printable(totals.barriers));
  bool first = true;
  for (const SiteEntry& entry : ended ? counted : site_entries) {
    const Counters& c = entry.counters;
    const u64 numbers[] = {c.requests, c.shared_bytes, c.shared_wavefronts, c.shared_conflicts, c.global_bytes,
        c.global_sectors, c.global_useful_bytes, c.flop, c.copies, c.copy_distance};
    const char* names[] = {"requests", "sharedBytes", "sharedWavefronts", "sharedConflicts", "globalBytes",
        "globalSectors", "globalUsefulBytes", "flop", "copies", "copyDistance"};
    fputs(first ? "\n{\"file\":" : ",\n{\"file\":", file);
    first = false;
    write_json_string(file, entry.site.file ? entry.site.file : "");
    fprintf(file, ",\"line\":%d,\"operation\":\"%s\"", entry.site.line,
            entry.action == Action::warp ? operation_names[static_cast<u32>(entry.operation)] : action_names[static_cast<u32>(entry.action)]);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; ++i) {
      fprintf(file, ",\"%s\":%llu", names[i], printable(numbers[i]));
    }
    fputc('}', file);
  }
  fputs("]", file);
}

/// The report, a zero byte, and the contents of the buffers that are not only read, one after the other.
void write_answer() {
  fflush(stdout);
  timeval now;
  gettimeofday(&now, nullptr);
  run_seconds = static_cast<double>(now.tv_sec - started.tv_sec) + 1e-6 * static_cast<double>(now.tv_usec - started.tv_usec);
  FILE* file = fdopen(3, "w");
  if (!file) refuse("file descriptor 3, where the answer goes, is not open");
  fprintf(file, "{\"result\":%d,\"schedules\":%u,\"steps\":%llu,\"seconds\":%.6f,\n", launcher_result, schedules_run,
          printable(scheduler.steps), run_seconds);
  write_reports(file);
  if (trace.enabled) {
    fprintf(file, ",\n\"trace\":{\"dataflow\":\"%016llx\",\"conflicts\":%llu}", printable(trace.dataflow),
            printable(trace.conflicts));
  }
  fputs(",\n\"profile\":{", file);
  write_profile(file);
  fputs("}}\n", file);
  fputc(0, file);
  for (const Argument& argument : request.arguments) {
    if (argument.slot == 0 || argument.access == "read") continue;
    const Buffer& buffer = buffers[argument.slot];
    fwrite(reinterpret_cast<void*>(buffer.base), 1, buffer.size, file);
  }
  if (fclose(file) != 0) refuse(std::string("cannot write the answer: ") + strerror(errno));
}

void on_crash(int signal, siginfo_t* information, void*) {
  static bool again = false;
  if (again) _exit(4);
  again = true;
  const Site site = scheduler.current ? scheduler.current->site : Site{nullptr, 0};
  if (signal == SIGPROF) {
    report_and_finish("time-limit", site,
        format_text("the kernel has not ended after %u s of processor time; the last operation begun is the one named",
            scheduler.limits.seconds));
  }
  report_and_finish("crash", site,
                    format_text("signal %d at address %p after the operation named: an access that went around the wrappers, or a stack overflow", signal, information->si_addr));
}

void install_handlers() {
  static char stack[64 * 1024];
  stack_t alternate{};
  alternate.ss_sp = stack;
  alternate.ss_size = sizeof stack;
  sigaltstack(&alternate, nullptr);
  struct sigaction action{};
  action.sa_sigaction = on_crash;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  for (const int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGPROF}) sigaction(signal, &action, nullptr);
  // Time of this process alone: a busy machine ends no kernel.
  itimerval timer{};
  timer.it_value.tv_sec = scheduler.limits.seconds;
  setitimer(ITIMER_PROF, &timer, nullptr);
}

void run() {
  read_request();
  const EntryPoint& entry = find_entry();
  install_handlers();
  gettimeofday(&started, nullptr);
  std::vector<std::vector<u8>> first(request.arguments.size());
  std::vector<void*> values;
  for (Argument& argument : request.arguments) values.push_back(argument.value);
  void* stream = nullptr;
  values.push_back(&stream);
  for (u32 schedule = 0; schedule < request.schedules; ++schedule) {
    const u64 seed = request.seed + schedule;
    scheduler.random_state = (seed + 1) * 0x9e3779b97f4a7c15;
    for (int i = 0; i < 4; ++i) scheduler.random();
    // How often threads give way, and whether some warps run far ahead, is part of the schedule.
    scheduler.yield_range = 16u << (2 * (seed % 5));
    scheduler.until_yield = 1 + scheduler.random_below(scheduler.yield_range);
    scheduler.by_priority = seed % 2 == 1;
    reset_buffers();
    launcher_result = entry.call(values.data());
    if (++schedules_run == 1) {
      counted = site_entries;
      counted_profile = profile;
      profile.enabled = false;
    }
    if (trace.enabled) {
      for (const Argument& argument : request.arguments) if (argument.slot != 0) trace.add_contents(argument.slot);
    }
    if (launcher_result == 0) {
      report_unwritten();
      compare_with_first(first);
    }
  }
}

}  // namespace engine

void register_launch_bounds(void (*kernel)(), const char* name, unsigned threads) {
  launch_bounds().push_back({kernel, name, threads});
}

void register_cluster_dimensions(void (*kernel)(), const char* name, Extent3 extents) {
  cluster_dimensions().push_back({kernel, name, extents});
}

void register_entry(const char* name, const Parameter* parameters, int count, int (*call)(void**)) {
  engine::entries().push_back({name, parameters, count, call});
}

[[noreturn]] void finish_run() {
  const itimerval never{};
  setitimer(ITIMER_PROF, &never, nullptr);
  engine::write_answer();
  _exit(0);
}

}  // namespace tilewright::simulator

int main(int count, char** arguments) {
  using namespace tilewright::simulator;
  if (count > 2) engine::refuse("expected the library of a kernel");
  // Its entries register themselves.
  if (count == 2 && !dlopen(arguments[1], RTLD_NOW | RTLD_LOCAL)) engine::refuse(dlerror());
  engine::run();
  finish_run();
}
