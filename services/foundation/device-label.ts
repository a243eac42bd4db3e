/**
 * What the QR code on a device's label says: nothing but which device it is. The beginning tells a label from a work card where
 * one scanner reads both; everything in it can be typed by a scanner that works as a keyboard.
 */
export function deviceLabel(serial: string): string {
  return `DEV-${serial}`
}
