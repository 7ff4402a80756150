import { describe, expect, test } from '@jest/globals';
import { joinUrl } from '../../core/url';

describe('joinUrl', () => {
  test.each([
    ['http://localhost:11434', 'http://localhost:11434/api/tags'],
    ['http://localhost:11434/', 'http://localhost:11434/api/tags'],
    ['http://localhost:11434//', 'http://localhost:11434/api/tags'],
    ['https://proxy.example/ollama', 'https://proxy.example/ollama/api/tags'],
    ['https://proxy.example/ollama/', 'https://proxy.example/ollama/api/tags'],
    ['https://proxy.example/a/b%2Fc/', 'https://proxy.example/a/b%2Fc/api/tags'],
    ['https://proxy.example/ollama?key=a%2Fb', 'https://proxy.example/ollama/api/tags?key=a%2Fb'],
    ['https://proxy.example?key=1', 'https://proxy.example/api/tags?key=1'],
    ['https://proxy.example/ollama/?key=1#top', 'https://proxy.example/ollama/api/tags?key=1'],
    ['http://[::1]:11434', 'http://[::1]:11434/api/tags'],
    ['http://[::1]:11434/ollama/', 'http://[::1]:11434/ollama/api/tags'],
  ])('%s', (endpoint, joined) => {
    expect(joinUrl(endpoint, '/api/tags')).toBe(joined);
  });

  test('what is no URL', () => {
    expect(() => joinUrl('localhost', '/api/tags')).toThrow('Invalid URL');
  });
});
