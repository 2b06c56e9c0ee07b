# SPDX-License-Identifier: Apache-2.0
# meridian_embed(ASM FILE DIRECTORY): writes an assembly file that holds every JSON file of a folder,
# but for its folder guide, which only FHIR software of others reads.
# Layout: meridian_content_blob, meridian_content_table of four 32-bit numbers per file (offset and
# size of path and text in the blob), meridian_content_count. See content.cc.
function(meridian_embed asm_file directory)
  file(GLOB_RECURSE files RELATIVE ${directory} CONFIGURE_DEPENDS ${directory}/*.json)
  list(FILTER files EXCLUDE REGEX "^guide/")
  list(SORT files)
  list(LENGTH files count)
  set(blob "")
  set(table "")
  set(index 0)
  set(depends "")
  foreach(path IN LISTS files)
    string(APPEND blob
      "p${index}: .ascii \"${path}\"\n"
      "t${index}: .incbin \"${directory}/${path}\"\n"
      "e${index}:\n")
    string(APPEND table
      " .long p${index} - meridian_content_blob, t${index} - p${index}, t${index} - meridian_content_blob, e${index} - t${index}\n")
    list(APPEND depends ${directory}/${path})
    math(EXPR index "${index} + 1")
  endforeach()
  set(text " .section .rodata\n"
    " .globl meridian_content_blob, meridian_content_table, meridian_content_count\n"
    " .hidden meridian_content_blob, meridian_content_table, meridian_content_count\n"
    " .balign 4\nmeridian_content_blob:\n${blob}"
    " .balign 4\nmeridian_content_table:\n${table}"
    " .balign 4\nmeridian_content_count: .long ${count}\n"
    " .section .note.GNU-stack,\"\",%progbits\n")
  string(CONCAT text ${text})
  file(CONFIGURE OUTPUT ${asm_file} CONTENT "${text}" @ONLY)
  set_source_files_properties(${asm_file} PROPERTIES OBJECT_DEPENDS "${depends}")
endfunction()
