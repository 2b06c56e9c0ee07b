/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A small story for the test of the shim: two notes are written, synced and renamed into place,
 * then told to a listener on loopback, and the note is trimmed.   usage: shim_story FOLDER PORT
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static void need(int good) {
  if (!good) exit(2);
}

int main(int count, char** arguments) {
  need(count == 3 && chdir(arguments[1]) == 0);
  const int note = open("note.new", O_WRONLY | O_CREAT | O_TRUNC, 0600);
  need(write(note, "one ", 4) == 4);
  need(pwrite(note, "two ", 4, 4) == 4);
  need(fdatasync(note) == 0);
  need(rename("note.new", "note") == 0);

  struct sockaddr_in peer = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)atoi(arguments[2]))};
  peer.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int line = socket(AF_INET, SOCK_STREAM, 0);
  need(connect(line, (struct sockaddr*)&peer, sizeof peer) == 0);
  need(send(line, "hello ", 6, MSG_NOSIGNAL) == 6);
  need(write(line, "bye", 3) == 3);
  close(line);

  need(ftruncate(note, 4) == 0 && fsync(note) == 0);
  close(note);
  printf("told\n"); /* standard output does not count */
  return unlink("note") == 0 ? 0 : 2;
}
