import type { Network } from './network.ts'
import { createRandom, digits, drawDigit, pixelsOf, side } from './pictures.ts'

const pixels = side * side
const hiddenCount = 16
const full = 127

interface Layer {
  readonly bias: Float64Array
  readonly weights: readonly Float64Array[]
}

function createLayer(outputs: number, inputs: number, random: (below: number) => number): Layer {
  const weight = () => (random(2001) - 1000) / 1000 / inputs
  return { bias: new Float64Array(outputs), weights: Array.from({ length: outputs }, () => Float64Array.from({ length: inputs }, weight)) }
}

function apply({ bias, weights }: Layer, values: ArrayLike<number>): Float64Array {
  return Float64Array.from(weights, (row, index) => row.reduce((sum, weight, from) => sum + weight * (values[from] ?? 0), bias[index] ?? 0))
}

function step(layer: Layer, index: number, values: ArrayLike<number>, by: number): void {
  const row = layer.weights[index] ?? new Float64Array()
  layer.bias[index] = (layer.bias[index] ?? 0) + by
  for (let from = 0; from < row.length; from++) row[from] = (row[from] ?? 0) + by * (values[from] ?? 0)
}

/**
 * Trains on drawn digits: one hidden layer, rectified; every wrong digit should score at least 1 less than the right one. Only sums and
 * products of doubles, in a fixed order: the weights are the same on every machine.
 */
function train({ samples, rate, seed }: { readonly samples: number; readonly rate: number; readonly seed: number }): Network {
  const random = createRandom(seed)
  const hidden = createLayer(hiddenCount, pixels, random)
  const output = createLayer(digits, hiddenCount, random)
  for (let sample = 0; sample < samples; sample++) {
    const digit = sample % digits
    const values = pixelsOf(drawDigit(digit, random)).map((pixel) => pixel / full)
    const neurons = apply(hidden, values).map((value) => Math.max(0, value))
    const scores = apply(output, neurons)
    const wrong = [...scores.keys()].filter((other) => other !== digit && (scores[other] ?? 0) > (scores[digit] ?? 0) - 1)
    const blame = (neuron: number) =>
      wrong.reduce((sum, other) => sum - (output.weights[other]?.[neuron] ?? 0), wrong.length * (output.weights[digit]?.[neuron] ?? 0))
    const blames = Array.from({ length: hiddenCount }, (_, neuron) => blame(neuron))
    for (const other of wrong) step(output, other, neurons, -rate)
    if (wrong.length > 0) step(output, digit, neurons, rate * wrong.length)
    neurons.forEach((value, neuron) => {
      if (value > 0) step(hidden, neuron, values, rate * (blames[neuron] ?? 0))
    })
  }
  return quantize(hidden, output, random)
}

function largest(rows: readonly Float64Array[]): number {
  return Math.max(...rows.flatMap((row) => [...row].map(Math.abs)))
}

function toBytes(rows: readonly Float64Array[], scale: number): Int8Array[] {
  return rows.map((row) => Int8Array.from(row, (weight) => Math.round(weight * scale)))
}

/** To 8 bits: weights are scaled so that the largest is 127; hidden values so that they seldom exceed it. */
function quantize(hidden: Layer, output: Layer, random: (below: number) => number): Network {
  const hiddenScale = full / largest(hidden.weights)
  const outputScale = full / largest(output.weights)
  let greatest = 0
  for (let sample = 0; sample < 1000; sample++) {
    const values = pixelsOf(drawDigit(sample % digits, random)).map((pixel) => pixel / full)
    greatest = Math.max(greatest, ...apply(hidden, values))
  }
  let hiddenShift = 0
  while ((greatest * hiddenScale * full) / 2 ** hiddenShift > full) hiddenShift += 1
  return {
    hiddenBias: Int32Array.from(hidden.bias, (bias) => Math.round(bias * hiddenScale * full)),
    outputBias: Int32Array.from(output.bias, (bias) => Math.round((bias * outputScale * hiddenScale * full) / 2 ** hiddenShift)),
    hiddenWeights: toBytes(hidden.weights, hiddenScale),
    outputWeights: toBytes(output.weights, outputScale),
    hiddenShift,
  }
}

/** The network that `digits.c` is built with: it reads 99 of 100 drawn digits. */
export function digitNetwork(): Network {
  return train({ samples: 40_000, rate: 0.003, seed: 1 })
}
