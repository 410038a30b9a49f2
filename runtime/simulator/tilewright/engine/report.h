// What the engine found: reports with the place, the thread and the buffer, each distinct one kept once, and as JSON.
#pragma once
#include <stdarg.h>
#include <stdio.h>

#include <string>
#include <vector>

#include "tilewright/types.h"
#include "tilewright/interface.h"

namespace tilewright::simulator {

/// Another place that has to do with a report, or, without a place, what would help.
struct Note {
  std::string message;
  Site site{nullptr, 0};
};
using Notes = std::vector<Note>;

struct Report {
  std::string kind;
  std::string message;
  Notes notes;
  Site site;
  std::string buffer;
  Extent3 block{0, 0, 0};
  /// Linear number in the block, or -1 where no single thread is to blame.
  int thread;
  u64 count;
};

struct Reporter {
  std::vector<Report> reports;
  unsigned limit = 20;
};

inline Reporter reporter;

/// Writes the results gathered so far and ends the process: the kernel's state is of no further use.
[[noreturn]] void finish_run();
/// Linear number of the running thread in its block, or -1.
int running_thread();

/// As %llu and %lld want them.
inline unsigned long long printable(u64 number) {
  return number;
}
inline long long printable(i64 number) {
  return number;
}

inline std::string format_text(const char* format, ...) {
  char text[1024];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  return text;
}

/// Adds a report, or counts `times` more of a known kind at a known place; ends the run at the limit.
inline void report(const char* kind, Site site, const std::string& buffer, const std::string& message,
                   const Notes& notes = {}, bool of_thread = true, u32 times = 1) {
  for (Report& known : reporter.reports) {
    if (known.kind == kind && known.site.line == site.line && known.site.file == site.file && known.buffer == buffer) {
      known.count += times;
      return;
    }
  }
  const int thread = of_thread ? running_thread() : -1;
  reporter.reports.push_back({kind, message, notes, site, buffer, indices ? indices->block : Extent3(0, 0, 0), thread, times});
  if (reporter.reports.size() >= reporter.limit) finish_run();
}

[[noreturn]] inline void report_and_finish(const char* kind, Site site, const std::string& message,
                                           const Notes& notes = {}, bool of_thread = true) {
  report(kind, site, "", message, notes, of_thread);
  finish_run();
}

inline std::string site_text(Site site) {
  return site.file ? format_text("%s:%d", site.file, site.line) : "an unknown place";
}

inline void write_json_string(FILE* file, const std::string& text) {
  fputc('"', file);
  for (const unsigned char character : text) {
    if (character == '"' || character == '\\') {
      fprintf(file, "\\%c", character);
    } else if (character < 0x20) {
      fprintf(file, "\\u%04x", character);
    } else {
      fputc(character, file);
    }
  }
  fputc('"', file);
}

inline void write_reports(FILE* file) {
  fputs("\"reports\":[", file);
  bool first = true;
  for (const Report& report : reporter.reports) {
    fputs(first ? "\n{\"kind\":" : ",\n{\"kind\":", file);
    first = false;
    write_json_string(file, report.kind);
    fputs(",\"message\":", file);
    write_json_string(file, report.message);
    fputs(",\"file\":", file);
    write_json_string(file, report.site.file ? report.site.file : "");
    fputs(",\"notes\":[", file);
    for (const Note& note : report.notes) {
      fputs(&note == report.notes.data() ? "{\"message\":" : ",{\"message\":", file);
      write_json_string(file, note.message);
      fputs(",\"file\":", file);
      write_json_string(file, note.site.file ? note.site.file : "");
      fprintf(file, ",\"line\":%d}", note.site.line);
    }
    fprintf(file, "],\"line\":%d,\"block\":[%u,%u,%u],\"thread\":%d,\"count\":%llu,\"buffer\":", report.site.line,
            report.block.x, report.block.y, report.block.z, report.thread,
            printable(report.count));
    write_json_string(file, report.buffer);
    fputc('}', file);
  }
  fputs("]", file);
}

}  // namespace tilewright::simulator
