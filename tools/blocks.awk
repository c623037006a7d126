# blocks.awk - writes every block of C in a Markdown file into a file of its own: OUT/block-1.c, ...
# SPDX-License-Identifier: BSD-3-Clause
#
#     awk -v out=DIR -f tools/blocks.awk README.md
/^```c$/ { file = out "/block-" ++n ".c"; next }
/^```$/  { file = "" }
file     { print > file }
