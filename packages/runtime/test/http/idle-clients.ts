// A process of its own, because 10,000 connections have two ends and the server's memory is what is measured.
//
//   node idle-clients.ts <port> <count>
//
// Opens connections that say nothing, prints `open <count>`, and then `closed <how many>` each second.
import { connect, type Socket } from "node:net";

const [port, count] = process.argv.slice(2).map(Number) as [number, number];
const batch = 250;
const sockets = new Set<Socket>();
let closed = 0;

for (let opened = 0; opened < count;) {
  const wanted = Math.min(batch, count - opened);
  await Promise.all(Array.from({ length: wanted }, open));
  opened += wanted;
}
process.stdout.write(`open ${count}\n`);
setInterval(() => process.stdout.write(`closed ${closed}\n`), 200);
process.stdin.on("end", () => process.exit(0)).resume();

function open(): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => resolve());
    sockets.add(socket);
    socket.on("error", () => resolve());
    socket.once("close", () => {
      closed += 1;
      sockets.delete(socket);
    });
  });
}
