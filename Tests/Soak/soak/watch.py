"""Memory and descriptors of the gateway over time."""

import asyncio
import statistics


class Watch:
    """One look a second."""

    def __init__(self, process):
        self.process = process
        self.memory, self.descriptors = [], []

    async def run(self):
        while True:
            self.memory.append(self.process.resident_kilobytes() / 1024)
            self.descriptors.append(self.process.descriptors())
            await asyncio.sleep(1)

    def memory_growth_mib(self):
        """From the second fifth to the last, by their medians: the first fifth is for buffers and pools to fill."""
        return fifth(self.memory, 5) - fifth(self.memory, 2)

    def memory_slope_mib_per_hour(self):
        """Least squares over all but the first fifth."""
        values = self.memory[len(self.memory) // 5:]
        if len(values) < 3:
            return 0.0
        return statistics.linear_regression(range(len(values)), values).slope * 3600

    def descriptor_growth(self):
        return fifth(self.descriptors, 5) - fifth(self.descriptors, 2)


def fifth(values, number):
    size = max(1, len(values) // 5)
    return statistics.median(values[(number - 1) * size:number * size] or values[-1:])
