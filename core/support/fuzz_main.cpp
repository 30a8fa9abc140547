#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

// Stands in for libFuzzer where the build has none: every corpus file as it is, then a seeded, bounded run of
// mutations.
//   <target> CORPUS_FOLDER [RUNS [SEED]]
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using Bytes = std::vector<std::uint8_t>;

std::vector<Bytes> load_corpus(const std::string& folder) {
    std::vector<Bytes> corpus;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
        std::ifstream file(entry.path(), std::ios::binary);
        corpus.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
    }
    return corpus;
}

void run_one(const Bytes& input) {
    LLVMFuzzerTestOneInput(input.data(), input.size());
}

Bytes mutate(Bytes input, const std::vector<Bytes>& corpus, std::mt19937_64& random) {
    const auto below = [&](std::size_t bound) {
        return bound == 0 ? 0 : static_cast<std::size_t>(random() % bound);
    };
    for (std::size_t edits = 1 + below(4); edits > 0; --edits) {
        const std::size_t at = below(input.size() + 1);
        const auto spot = input.begin() + static_cast<std::ptrdiff_t>(at);
        switch (below(5)) {
        case 0:
            if (at < input.size()) input[at] = static_cast<std::uint8_t>(random());
            break;
        case 1: input.insert(spot, static_cast<std::uint8_t>(random())); break;
        case 2:
            if (at < input.size()) input.erase(spot);
            break;
        case 3: input.erase(spot, input.end()); break;
        case 4: {
            const Bytes& other = corpus[below(corpus.size())];
            input.insert(spot, other.begin(),
                         other.begin() + static_cast<std::ptrdiff_t>(below(other.size() + 1)));
            break;
        }
        }
    }
    return input;
}

} // namespace

int main(int argc, char** argv) {
    const std::vector<Bytes> corpus = argc > 1 ? load_corpus(argv[1]) : std::vector<Bytes>{};
    if (corpus.empty()) {
        std::fprintf(stderr, "no corpus: give a folder with at least one file\n");
        return 64;
    }
    const unsigned long runs = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 20'000;
    const unsigned long seed = argc > 3 ? std::strtoul(argv[3], nullptr, 10) : 1;
    for (const Bytes& input : corpus) run_one(input);
    std::mt19937_64 random(seed);
    for (unsigned long i = 0; i < runs; ++i)
        run_one(mutate(corpus[random() % corpus.size()], corpus, random));
    std::printf("%zu corpus files and %lu mutations, seed %lu: no fault\n", corpus.size(), runs, seed);
    return 0;
}
